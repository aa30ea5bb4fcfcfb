import t from 'tap'
import { renumber } from '../src/frames/frame.js'
import { assembleFrame, BOUNDARY, OPENING, partOf } from '../src/multipart.js'

const picture = { pieces: [Buffer.from('one '), Buffer.from('picture')], length: 11, width: 4, height: 3 }
const frame = assembleFrame(picture, { seq: 7, at: 12, wall: 1_700_000_000_123 })

t.test('the part of a frame', async t => {
  t.test('ends with the next boundary, directly after the picture', async t => {
    t.equal(partOf(frame).toString(), [
      'Content-Type: image/jpeg',
      'Content-Length: 11',
      'X-Timestamp: 1700000000.123',
      'X-Sequence: 7',
      '',
      'one picture',
      `--${BOUNDARY}`,
      ''
    ].join('\r\n'))
    t.equal(OPENING.toString(), `--${BOUNDARY}\r\n`)
  })
  t.test('is one buffer for all viewers, and holds the only copy of the picture', async t => {
    t.equal(partOf(frame), partOf(frame))
    t.equal(frame.jpeg.toString(), 'one picture')
    t.equal(frame.jpeg.buffer, partOf(frame).buffer)
    t.match(frame, { seq: 7, at: 12, live: true, damaged: false, width: 4, height: 3 })
  })
  t.test('never contains the boundary within the picture', async t => {
    for (const text of [BOUNDARY, `\r\n--${BOUNDARY}\r\n`, `one ${BOUNDARY}`]) {
      const halves = [Buffer.from(text.slice(0, -3)), Buffer.from(text.slice(-3))]
      t.throws(() => assembleFrame({ pieces: halves, length: text.length, width: 4, height: 3 }, { seq: 1, at: 0, wall: 0 }), { code: 'BOUNDARY_IN_PICTURE' })
    }
    const almost = Buffer.from(BOUNDARY.slice(0, -1))
    t.doesNotThrow(() => assembleFrame({ pieces: [almost], length: almost.length, width: 4, height: 3 }, { seq: 1, at: 0, wall: 0 }))
  })
  t.test('has a header with the camera\'s state when it is a status frame', async t => {
    const status = assembleFrame(picture, { seq: 8, at: 12, wall: 0, state: 'waiting' })
    t.equal(status.live, false)
    t.match(partOf(status).toString(), /\r\nX-Sequence: 8\r\nX-Camera-State: waiting\r\n\r\none picture/)
  })
  t.test('has a header for a damaged picture with any number', async t => {
    const damaged = assembleFrame(picture, { seq: 8, at: 12, wall: 0, damaged: true })
    t.match(damaged, { live: true, damaged: true })
    for (const each of [damaged, renumber(damaged, 10)]) t.match(partOf(each).toString(), /\r\nX-Sequence: (8|10)\r\nX-Damaged: 1\r\n\r\none picture/)
  })
  t.test('is copied for another number, and the original stays unchanged', async t => {
    const before = partOf(frame).toString()
    const other = renumber(frame, 1_000)
    t.equal(partOf(other).toString(), before.replace('X-Sequence: 7', 'X-Sequence: 1000'))
    t.equal(partOf(other), partOf(other))
    t.equal(partOf(frame).toString(), before)
    t.equal(partOf(renumber(frame, 7)), partOf(frame), 'it is copied only if the number differs')
  })
})
