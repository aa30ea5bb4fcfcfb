import t from 'tap'
import { assembleFrame, BOUNDARY, OPENING } from '../../src/frames/frame.js'

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
    t.match(frame, { seq: 7, at: 12, width: 4, height: 3 })
  })
})
