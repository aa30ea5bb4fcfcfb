import t from 'tap'
import { FrameScaler, shrink } from '../../../src/view/engine/frame-scaler.js'

const gray = (level: number) => 0xff000000 | level << 16 | level << 8 | level

t.test('a picture that is made smaller', async t => {
  t.test('consists of means of four pixels, rounded, each colour for itself', async t => {
    const out = new Int32Array(1)
    shrink(Int32Array.of(0xff0000ff, 0xff00ff00, 0xffff0000, 0xff000000).map(one => one | 0), { width: 2, height: 2 }, out, { width: 1, height: 1 })
    t.equal(out[0]! >>> 0, 0xff404040)
    shrink(Int32Array.of(-1, -1, -1, -1), { width: 2, height: 2 }, out, { width: 1, height: 1 })
    t.equal(out[0], -1)
  })
  t.test('takes them from all over the picture, whatever the sizes', async t => {
    const from = { width: 9, height: 5 }
    const to = { width: 6, height: 2 }
    const out = new Int32Array(12)
    shrink(Int32Array.from({ length: 45 }, (_, i) => gray(10 * (i % 9))), from, out, to)
    t.same([...out].map(pixel => pixel & 0xff), [5, 15, 35, 45, 65, 75, 5, 15, 35, 45, 65, 75])
    shrink(Int32Array.from({ length: 45 }, (_, i) => gray(Math.floor(i / 9) * 10)), from, out, to)
    t.same([out[0]! & 0xff, out[6]! & 0xff], [5, 35])
  })
})

t.test('the scaler', async t => {
  Object.assign(globalThis, { ImageData: class { readonly data; constructor (width: number, height: number) { this.data = new Uint8ClampedArray(4 * width * height) } } })
  t.teardown(() => { Reflect.deleteProperty(globalThis, 'ImageData') })
  const frame = (level: number, { bytes = 64, error = undefined as Error | undefined } = {}) => ({
    visibleRect: { width: 4, height: 4 },
    allocationSize: () => bytes,
    async copyTo (pixels: Int32Array) {
      if (error) throw error
      pixels.fill(gray(level))
    }
  }) as unknown as VideoFrame
  const scaler = new FrameScaler()

  t.test('copies a picture that has the right size, and shrinks others, several at a time', async t => {
    const images: number[][] = []
    const scale = (level: number, side: number) => scaler.scale(frame(level), { width: side, height: side }, ({ data }) => images.push([data.length, data[0]!, data[3]!]))
    t.same(await Promise.all([scale(10, 2), scale(20, 2), scale(30, 4)]), [true, true, true])
    t.same(images, [[16, 10, 255], [16, 20, 255], [64, 30, 255]])
  })
  t.test('draws nothing where the browser does not copy RGBA', async t => {
    const draw = () => t.fail()
    t.equal(await scaler.scale(frame(1, { bytes: 24 }), { width: 2, height: 2 }, draw), false)
    t.equal(await scaler.scale(frame(1, { error: new Error('no') }), { width: 2, height: 2 }, draw), false)
  })
})
