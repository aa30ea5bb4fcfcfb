import { quantile } from '../table.js'
import type { Value } from './fit.js'
import { MORE_VIEWERS, type Measured, type Phase, type Plan, type Rates } from './session.js'

/** What a session says about one camera, in each second: CPU in milliseconds of one core. */
export interface Row {
  readonly plan: Plan
  readonly phases: ReadonlyMap<Phase, Measured>
  readonly megabits: number
  /** camgate's process without its cameras. */
  readonly process: Value
  readonly read: Value
  /** Beside reading: in camgate's process with the one viewer, and in ffmpeg. */
  readonly full: { readonly camgate: Value, readonly ffmpeg: Value, readonly kilobytes: Value } | undefined
  readonly rendition: Row['full']
  /** Each further viewer of the same picture. */
  readonly viewer: Value | undefined
  /** Each tile. */
  readonly live: Value | undefined
  readonly isOverloaded: boolean
}

export function rowOf (plan: Plan, phases: ReadonlyMap<Phase, Measured>): Row {
  const { cameras, fps } = plan
  const windows = (phase: Phase, of: (rates: readonly [smaller: Rates, larger: Rates]) => number) => phases.get(phase)?.windows.map(of)
  const both = (key: keyof Rates) => ([smaller, larger]: readonly [Rates, Rates]) => smaller[key] + larger[key]
  const nobody = windows('nobody', both('camgateMs'))!
  /** Of both camgates, for each picture that was made, as an overloaded machine skips some. */
  const perPicture = (phase: Phase, of: (rates: readonly [Rates, Rates], window: number) => number, pictures: 'frames' | 'livePictures' = 'frames') =>
    phases.get(phase)?.windows.map((rates, i) => of(rates, i) / both(pictures)(rates))
  const more = (phase: Phase, pictures?: 'livePictures') => perPicture(phase, (rates, i) => fps * (both('camgateMs')(rates) - nobody[i]!), pictures)
  const watchedAs = (phase: Phase): Row['full'] => phases.has(phase)
    ? {
        camgate: valueOf(more(phase))!,
        ffmpeg: valueOf(perPicture(phase, rates => fps * both('ffmpegMs')(rates)))!,
        kilobytes: valueOf(perPicture(phase, rates => both('mjpegBytes')(rates) / 1e3))!
      }
    : undefined
  const [byOne, byMany] = [more('full'), more('fullByMany')]
  const full = watchedAs('full')
  const megabits = valueOf(perPicture('live', rates => 8 * fps * both('liveBytes')(rates) / 1e6, 'livePictures'))
  return {
    plan,
    phases,
    megabits: plan.codec === 'mjpeg' ? 8 * fps * full!.kilobytes.median / 1e3 : megabits?.median ?? plan.megabits!,
    process: valueOf(windows('nobody', ([smaller, larger]) => 2 * smaller.camgateMs - larger.camgateMs))!,
    read: valueOf(windows('nobody', ([smaller, larger]) => (larger.camgateMs - smaller.camgateMs) / cameras))!,
    full,
    rendition: watchedAs('rendition'),
    viewer: valueOf(byMany?.map((ms, i) => (ms - byOne![i]!) / MORE_VIEWERS)),
    live: valueOf(more('live', 'livePictures')),
    isOverloaded: [...phases.values()].some(({ isOverloaded }) => isOverloaded)
  }
}

/** The median of the windows, and half of what lies between the lowest and the highest. */
function valueOf (values: readonly number[] | undefined): Value | undefined {
  const finite = values?.filter(Number.isFinite) // a stalled machine makes no picture in some windows
  return finite && { median: quantile(finite, 0.5), spread: (Math.max(...finite) - Math.min(...finite)) / 2 }
}
