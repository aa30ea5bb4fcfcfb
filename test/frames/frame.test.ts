import t from 'tap'
import { renumber, type Frame } from '../../src/frames/frame.js'

const frame: Frame = { seq: 7, at: 12, wall: 1_700_000_000_123, damaged: false, live: true, width: 4, height: 3, jpeg: Buffer.from('one picture') }

t.test('a renumbered frame', async t => {
  t.test('is the same picture, and not copied', async t => {
    const other = renumber(frame, 1_000)
    t.same(other, { ...frame, seq: 1_000 })
    t.equal(other.jpeg, frame.jpeg)
    t.equal(frame.seq, 7)
  })
  t.test('is the frame itself if the number is the same', async t => {
    t.equal(renumber(frame, 7), frame)
  })
})
