import t from 'tap'
import { Painter } from '../../../src/view/engine/painter.js'
import type { PictureHeader } from '../../../src/wire/picture-header.js'
import { FakeClock } from '../../fake-clock.js'

const header = (seq: number): PictureHeader => ({ kind: 'h264', key: true, discontinuity: false, statusFrame: false, tile: 1, epoch: 1, seq, wall: 0 })

function begin () {
  const clock = new FakeClock()
  const [painted, closed]: [number[], number[]] = [[], []]
  const frames: (() => void)[] = []
  const drawn: number[][] = []
  const canvas = { width: 0, height: 0, getContext: () => ({ drawImage: (_picture: unknown, ...box: number[]) => drawn.push(box) }) }
  const painter = new Painter(canvas as unknown as OffscreenCanvas, clock, paint => frames.push(paint), ({ seq }) => painted.push(seq))
  painter.resize({ width: 480, height: 100 })
  const add = (seq: number, size = { displayWidth: 960, displayHeight: 540 }) => painter.add(header(seq), { ...size, close: () => closed.push(seq) } as unknown as VideoFrame)
  return { clock, painter, canvas, painted, closed, frames, drawn, add }
}

t.test('a tile', async t => {
  t.test('is painted at once, and of pictures in a hurry only the newest', async t => {
    const { clock, add, painted, closed, frames } = begin()
    add(1)
    for (const seq of [2, 3, 4]) add(seq)
    t.same([painted, closed, frames.length], [[1], [1, 2, 3], 1])
    frames[0]!()
    t.same([painted, closed], [[1, 4], [1, 2, 3, 4]])
    clock.advance(50)
    add(5)
    t.same(painted, [1, 4, 5])
  })

  t.test('has a canvas that fills it both ways, and is no larger than the picture', async t => {
    const { clock, add, canvas, drawn, painter } = begin()
    add(1)
    t.same([canvas.width, canvas.height, drawn[0]], [480, 270, [0, 0, 480, 270]])
    painter.resize({ width: 4_000, height: 3_000 })
    clock.advance(50)
    add(2)
    t.same([canvas.width, canvas.height], [960, 540])
  })

  t.test('that is hidden keeps no picture that waits', async t => {
    const { add, painter, painted, closed, frames } = begin()
    add(1)
    add(2)
    painter.clear()
    frames[0]!()
    t.same([painted, closed], [[1], [1, 2]])
  })
})
