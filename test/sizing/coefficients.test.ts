import t from 'tap'
import { coefficientsOf } from '../../bench/sizing/coefficients.js'
import type { Counts, Holdings } from '../../bench/sizing/load.js'
import { rowOf } from '../../bench/sizing/row.js'
import { LIVE_PAGES, MORE_VIEWERS, type Measured, type Phase, type Plan } from '../../bench/sizing/session.js'
import { megapixels, needOf, type Coefficients, type Installation } from '../../docs/.vitepress/theme/sizing/formula.js'

const truth: Coefficients = {
  cpuMilliseconds: {
    perSecond: 5,
    read: { perPicture: 0.05, perMegabit: 0.3 },
    readMjpeg: { perPicture: 0.07, perMegabit: 0.2 },
    transcodeInCamgate: { perPicture: 0.4, perMegabyte: 1.5 },
    transcodeInFfmpeg: { perPicture: 0.5, perMegabit: 2, perMegapixelDecoded: 1.5, perMegapixelEncoded: 3 },
    mjpegViewer: { perPicture: 0.02, perMegabyte: 0.3 },
    liveViewer: { perPicture: 0.03, perMegabit: 0.1 }
  },
  memoryMegabytes: { camgate: 150, ffmpegShared: 40, perCamera: 0.5, perMegabitPerSecond: 0.4, perFfmpeg: 10, perMegapixelDecoded: 8, perMegapixelEncoded: 6 },
  jpegKilobytes: { perPicture: 5, perMegapixel: 14 },
  openFiles: { camgate: 20, perCamera: 1, perFfmpeg: 4, perViewer: 1 }
}
const rendition = { width: 640, height: 360 }
const kilobytes = (size: { width: number, height: number }) => truth.jpegKilobytes.perPicture + truth.jpegKilobytes.perMegapixel * megapixels(size)

/** What a session would find if the truth were exact and a share of the pictures were skipped. */
function simulated (plan: Plan, made = 1): ReadonlyMap<Phase, Measured> {
  const megabits = plan.megabits ?? 8 * plan.fps * kilobytes(plan) / 1e3
  const at = (phase: Phase, factor: number): [Counts, Holdings] => {
    const nobody = { cameras: 0, viewersOfEach: 0 }
    const viewersOfEach = phase === 'fullByMany' ? 1 + MORE_VIEWERS : 1
    const watched = { cameras: factor * plan.watched, viewersOfEach }
    const inFull = phase === 'full' || phase === 'fullByMany'
    const tiles = phase === 'live' ? factor * plan.cameras * LIVE_PAGES : 0
    const cameras: Installation = {
      ...plan,
      cameras: factor * plan.cameras,
      picturesPerSecond: plan.fps,
      megabitsPerSecond: megabits,
      full: inFull ? watched : nobody,
      rendition: { ...phase === 'rendition' ? watched : nobody, ...rendition },
      liveTiles: tiles
    }
    const unwatched = needOf({ ...cameras, full: nobody, rendition: { ...nobody, ...rendition }, liveTiles: 0 }, truth)
    const need = needOf(cameras, truth)
    const pictures = made * plan.fps * (phase === 'nobody' || phase === 'live' ? 0 : watched.cameras)
    const ffmpegs = plan.codec === 'mjpeg' || pictures === 0 ? 0 : watched.cameras
    const privateMegabytes = unwatched.memoryMegabytes - truth.memoryMegabytes.camgate
    return [
      {
        camgateMs: 1e3 * (unwatched.camgateCores + made * (need.camgateCores - unwatched.camgateCores)),
        ffmpegMs: 1e3 * made * need.ffmpegCores,
        frames: pictures,
        mjpegBytes: pictures * viewersOfEach * 1e3 * kilobytes(phase === 'rendition' ? rendition : plan),
        livePictures: made * plan.fps * tiles,
        liveBytes: made * tiles * megabits * 1e6 / 8
      },
      {
        residentBytes: 1e6 * unwatched.memoryMegabytes,
        privateBytes: 1e6 * privateMegabytes,
        ffmpegs,
        ffmpegPrivateBytes: 1e6 * (ffmpegs && need.memoryMegabytes - unwatched.memoryMegabytes - truth.memoryMegabytes.ffmpegShared),
        ffmpegFileBytes: 1e6 * (ffmpegs && truth.memoryMegabytes.ffmpegShared),
        openFiles: need.openFiles
      }
    ]
  }
  return new Map(plan.phases.map(phase => {
    const [[smaller, smallerHoldings], [larger, largerHoldings]] = [at(phase, 1), at(phase, 2)]
    const more = Object.fromEntries(Object.entries(largerHoldings).map(([key, value]) => [key, value - smallerHoldings[key as keyof Holdings]])) as unknown as Holdings
    return [phase, { windows: [[smaller, larger]], smaller: smallerHoldings, more, isOverloaded: false }]
  }))
}

const h264 = { codec: 'h264', cameras: 8, watched: 2 } as const
const plans: readonly Plan[] = [
  { ...h264, width: 640, height: 360, fps: 15, megabits: 0.8, phases: ['nobody', 'live', 'full', 'fullByMany'] },
  { ...h264, width: 1280, height: 720, fps: 15, megabits: 2, phases: ['nobody', 'live', 'full', 'fullByMany'] },
  { ...h264, width: 1920, height: 1080, fps: 15, megabits: 4, phases: ['nobody', 'live', 'rendition', 'full', 'fullByMany'] },
  { ...h264, width: 1920, height: 1080, fps: 25, megabits: 4, phases: ['nobody', 'full'] },
  { codec: 'mjpeg', cameras: 8, watched: 2, width: 640, height: 360, fps: 15, phases: ['nobody', 'full'] },
  { codec: 'mjpeg', cameras: 8, watched: 2, width: 1280, height: 720, fps: 15, phases: ['nobody', 'full'] }
]

/** The numbers of an object within objects, by path. */
const flat = (value: object, path = ''): Map<string, number> => new Map(Object.entries(value).flatMap(([key, inner]) =>
  typeof inner === 'number' ? [[`${path}${key}`, inner] as const] : [...flat(inner as object, `${path}${key}.`)]))

for (const made of [1, 0.5]) {
  t.test(`coefficients that were put in come out, with ${100 * made} % of the pictures`, t => {
    const found = flat(coefficientsOf(plans.map(plan => rowOf(plan, simulated(plan, made)))))
    for (const [name, value] of flat(truth)) t.ok(Math.abs(found.get(name)! - value) < 1e-6 * value, `${name} is ${value}: ${found.get(name)}`)
    t.end()
  })
}
