import t from 'tap'
import { assembleFrame, BOUNDARY, OPENING, renumber } from '../../src/frames/frame.js'

const pieces = [Buffer.from('one '), Buffer.from('picture')]
const frame = assembleFrame({ pieces, length: 11, width: 4, height: 3 }, { seq: 7, at: 12, wall: 1_700_000_000_123 })

t.test('a frame', async t => {
  t.test('is a multipart part with the next boundary right behind the picture', async t => {
    t.equal(frame.part.toString(), [
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
  t.test('shows its picture without copying it', async t => {
    t.equal(frame.jpeg.toString(), 'one picture')
    t.equal(frame.jpeg.buffer, frame.part.buffer)
    t.match(frame, { seq: 7, at: 12, live: true, width: 4, height: 3 })
  })
  t.test('never holds its boundary', async t => {
    for (const text of [BOUNDARY, `\r\n--${BOUNDARY}\r\n`, `one ${BOUNDARY}`]) {
      const halves = [Buffer.from(text.slice(0, -3)), Buffer.from(text.slice(-3))]
      t.throws(() => assembleFrame({ pieces: halves, length: text.length, width: 4, height: 3 }, { seq: 1, at: 0, wall: 0 }), { code: 'BOUNDARY_IN_PICTURE' })
    }
    const almost = Buffer.from(BOUNDARY.slice(0, -1))
    t.doesNotThrow(() => assembleFrame({ pieces: [almost], length: almost.length, width: 4, height: 3 }, { seq: 1, at: 0, wall: 0 }))
  })
  t.test('says in its headers when it is no picture of the camera', async t => {
    const status = assembleFrame({ pieces, length: 11, width: 4, height: 3 }, { seq: 8, at: 12, wall: 0, state: 'waiting' })
    t.equal(status.live, false)
    t.match(status.part.toString(), /\r\nX-Sequence: 8\r\nX-Camera-State: waiting\r\n\r\none picture/)
  })
  t.test('says in its headers when a loss has left something in it, whatever number it gets', async t => {
    const damaged = assembleFrame({ pieces, length: 11, width: 4, height: 3 }, { seq: 8, at: 12, wall: 0, damaged: true })
    t.match(damaged, { live: true, damaged: true })
    t.equal(frame.damaged, false)
    for (const each of [damaged, renumber(damaged, 10)]) t.match(each.part.toString(), /\r\nX-Sequence: (8|10)\r\nX-Damaged: 1\r\n\r\none picture/)
  })
  t.test('can have another number, and is the same otherwise', async t => {
    const other = renumber(frame, 1_000)
    t.equal(other.part.toString(), frame.part.toString().replace('X-Sequence: 7', 'X-Sequence: 1000'))
    t.equal(other.jpeg.toString(), 'one picture')
    t.match(other, { seq: 1_000, at: 12, live: true, width: 4, height: 3 })
    t.equal(frame.seq, 7)
    t.equal(renumber(frame, 7), frame, 'it is copied only where it must be')
  })
})
