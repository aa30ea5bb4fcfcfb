import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import type { FrameScaler } from '../../../src/view/engine/frame-scaler.js'
import { Painter } from '../../../src/view/engine/painter.js'
import type { PictureHeader } from '../../../src/wire/picture-header.js'
import { FakeClock } from '../../fake-clock.js'

const header = (seq: number): PictureHeader => ({ kind: 'h264', key: true, discontinuity: false, statusFrame: false, tile: 1, epoch: 1, seq, wall: 0 })

function begin (scaler?: FrameScaler) {
  const clock = new FakeClock()
  const [painted, closed]: [number[], number[]] = [[], []]
  const frames: (() => void)[] = []
  const drawn: number[][] = []
  const canvas = { width: 0, height: 0, getContext: () => ({ drawImage: (_picture: unknown, ...box: number[]) => drawn.push(box), putImageData: ({ width, height }: ImageData) => drawn.push([width, height]) }) }
  const painter = new Painter(canvas as unknown as OffscreenCanvas, { clock, scaler, nextFrame: paint => frames.push(paint) }, ({ seq }) => painted.push(seq))
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

  t.test('is painted one picture after the other where no GPU scales them, and by the browser if that fails', async t => {
    const scaling: ((isScaled: boolean) => void)[] = []
    const scaler = {
      scale: (_frame: unknown, { width, height }: ImageData, draw: (image: ImageData) => void) => new Promise<boolean>(resolve => {
        scaling.push(isScaled => {
          if (isScaled) draw({ width, height } as ImageData)
          resolve(isScaled)
        })
      })
    }
    const { clock, add, canvas, drawn, painted, closed } = begin(scaler as unknown as FrameScaler)
    add(1)
    clock.advance(50)
    for (const seq of [2, 3]) add(seq)
    t.same([canvas.width, painted, closed, scaling.length], [0, [], [2], 1], 'the canvas shows what it did until the picture is there')
    scaling[0]!(true)
    await nextTurn()
    t.same([canvas.width, canvas.height, drawn, painted, closed, scaling.length], [480, 270, [[480, 270]], [1], [2, 1], 2])
    scaling[1]!(false)
    await nextTurn()
    t.same([drawn.at(-1), painted, closed], [[0, 0, 480, 270], [1, 3], [2, 1, 3]])
  })
})
