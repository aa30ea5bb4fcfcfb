import fc from 'fast-check'
import t, { type Test } from 'tap'
import { needOf, type Coefficients, type Installation } from '../../docs/.vitepress/theme/sizing/formula.js'

const coefficients: Coefficients = {
  cpuMilliseconds: {
    perSecond: 5,
    read: { perPicture: 0.1, perMegabit: 0.5 },
    readMjpeg: { perPicture: 0.2, perMegabit: 0.25 },
    transcodeInCamgate: { perPicture: 0.5, perMegabyte: 1 },
    transcodeInFfmpeg: { perPicture: 1, perMegabit: 2, perMegapixelDecoded: 2, perMegapixelEncoded: 4 },
    mjpegViewer: { perPicture: 0.02, perMegabyte: 0.3 },
    liveViewer: { perPicture: 0.03, perMegabit: 0.1 }
  },
  memoryMegabytes: { camgate: 100, ffmpegShared: 40, perCamera: 1, perMegabitPerSecond: 0.5, perFfmpeg: 10, perMegapixelDecoded: 8, perMegapixelEncoded: 6 },
  jpegKilobytes: { perPicture: 10, perMegapixel: 40 },
  openFiles: { camgate: 20, perCamera: 1, perFfmpeg: 3, perViewer: 1 }
}
const nobody = { cameras: 0, viewersOfEach: 0 }
/** A megapixel, so that figures can be checked by hand; the rendition has a quarter. */
const installation: Installation = {
  cameras: 10, codec: 'h264', width: 1000, height: 1000, picturesPerSecond: 20, megabitsPerSecond: 4, full: nobody, rendition: { ...nobody, width: 500, height: 500 }, liveTiles: 0
}
const need = (more: Partial<Installation> = {}) => needOf({ ...installation, ...more }, coefficients)
const near = (t: Test, found: number, wanted: number) => t.ok(Math.abs(found - wanted) < 1e-9, `${found} is ${wanted}`)

t.test('cameras that nobody watches take camgate alone', t => {
  const { camgateCores, ffmpegCores, cores, memoryMegabytes, megabitsPerSecondIn, megabitsPerSecondOut, openFiles } = need()
  near(t, camgateCores, (5 + 10 * (20 * 0.1 + 4 * 0.5)) / 1000)
  t.match({ ffmpegCores, cores, megabitsPerSecondIn, megabitsPerSecondOut, openFiles }, { ffmpegCores: 0, cores: 1, megabitsPerSecondIn: 40, megabitsPerSecondOut: 0, openFiles: 30 })
  near(t, memoryMegabytes, 100 + 10 * (1 + 4 * 0.5))
  t.end()
})

t.test('a camera watched as MJPEG takes an ffmpeg, and each viewer bytes', t => {
  const [one, two] = [need({ full: { cameras: 1, viewersOfEach: 1 } }), need({ full: { cameras: 1, viewersOfEach: 2 } })]
  near(t, one.ffmpegCores, (20 * 1 + 4 * 2 + 20 * 2 + 20 * 4) / 1000)
  near(t, one.camgateCores - need().camgateCores, (20 * 0.5 + 1 * 1 + 20 * 0.02 + 1 * 0.3) / 1000)
  near(t, one.megabitsPerSecondOut, 20 * 50e3 * 8 / 1e6)
  near(t, one.memoryMegabytes - need().memoryMegabytes, 40 + 10 + 8 + 6)
  t.equal(one.openFiles - need().openFiles, 4)
  near(t, need({ full: { cameras: 1, viewersOfEach: 1 }, kilobytesOfJpeg: 150 }).megabitsPerSecondOut, 3 * one.megabitsPerSecondOut)
  t.equal(two.ffmpegCores, one.ffmpegCores, 'a second viewer needs no second ffmpeg')
  near(t, two.megabitsPerSecondOut, 2 * one.megabitsPerSecondOut)
  t.end()
})

t.test('a rendition decodes the camera\'s size and encodes its own', t => {
  const { ffmpegCores, megabitsPerSecondOut } = need({ rendition: { cameras: 1, viewersOfEach: 1, width: 500, height: 500 } })
  near(t, ffmpegCores, (20 * 1 + 4 * 2 + 20 * 2 + 20 * 0.25 * 4) / 1000)
  near(t, megabitsPerSecondOut, 20 * 20e3 * 8 / 1e6)
  t.end()
})

t.test('a live tile is sent what the camera sends, and the JPEGs of a camera are passed on', t => {
  t.match(need({ liveTiles: 3 }), { ffmpegCores: 0, megabitsPerSecondOut: 12 })
  const { ffmpegCores, camgateCores, megabitsPerSecondOut } = need({ codec: 'mjpeg', megabitsPerSecond: 8, full: { cameras: 1, viewersOfEach: 2 } })
  t.equal(ffmpegCores, 0)
  near(t, camgateCores, (5 + 10 * (20 * 0.2 + 8 * 0.25) + 2 * (20 * 0.02 + 1 * 0.3)) / 1000)
  near(t, megabitsPerSecondOut, 16)
  t.end()
})

t.test('the lines add up, and say how', t => {
  const { terms, camgateCores, ffmpegCores } = need({ full: { cameras: 2, viewersOfEach: 3 }, liveTiles: 4 })
  near(t, terms.reduce((sum, { count, each }) => sum + count * each, 0) / 1000, camgateCores + ffmpegCores)
  for (const { formula, each } of terms) {
    const products = formula.split(' + ').map(product => product.split(' × ').reduce((result, factor) => result * parseFloat(factor), 1))
    near(t, products.reduce((sum, product) => sum + product, 0), each)
  }
  t.end()
})

t.test('camgate\'s own process gets one core at most', t => {
  const { camgateCores, camgateFits } = need({ cameras: 200 })
  t.ok(camgateCores > 0.7)
  t.notOk(camgateFits)
  t.ok(need().camgateFits)
  t.end()
})

t.test('more of anything never needs less', t => {
  const count = fc.integer({ min: 0, max: 500 })
  const watched = fc.record({ cameras: count, viewersOfEach: count })
  const any = fc.record({
    cameras: count,
    codec: fc.constantFrom('h264' as const, 'mjpeg' as const),
    width: fc.integer({ min: 64, max: 7680 }),
    height: fc.integer({ min: 64, max: 4320 }),
    picturesPerSecond: fc.integer({ min: 1, max: 60 }),
    megabitsPerSecond: fc.integer({ min: 1, max: 50 }),
    full: watched,
    rendition: watched.map(all => ({ ...all, width: 640, height: 360 })),
    liveTiles: count
  })
  const more: ReadonlyArray<(installation: Installation) => Installation> = [
    one => ({ ...one, cameras: one.cameras + 1 }), one => ({ ...one, width: one.width + 1 }), one => ({ ...one, picturesPerSecond: one.picturesPerSecond + 1 }),
    one => ({ ...one, megabitsPerSecond: one.megabitsPerSecond + 1 }), one => ({ ...one, full: { ...one.full, cameras: one.full.cameras + 1 } }), one => ({ ...one, liveTiles: one.liveTiles + 1 }),
    one => ({ ...one, full: { ...one.full, viewersOfEach: one.full.viewersOfEach + 1 } }), one => ({ ...one, rendition: { ...one.rendition, cameras: one.rendition.cameras + 1 } })
  ]
  fc.assert(fc.property(any, fc.constantFrom(...more), (installation, change) => {
    const [less, greater] = [needOf(installation, coefficients), needOf(change(installation), coefficients)]
    return (['camgateCores', 'ffmpegCores', 'cores', 'memoryMegabytes', 'megabitsPerSecondIn', 'megabitsPerSecondOut', 'openFiles'] as const).every(key => greater[key] >= less[key] && Number.isFinite(less[key]))
  }))
  t.end()
})
