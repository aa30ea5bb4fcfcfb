import { wallTimeOf, type Clock } from '../clock.js'
import type { FailureCode } from '../failure/failure.js'
import type { InputStatus } from '../capture/input.js'
import type { Publisher } from './publisher.js'
import { outageOf, type State } from '../lifecycle/state.js'

/** How one viewer fares. */
export interface ViewerStatus {
  /** Its address, the end left out. */
  from: string
  since: string
  /** Frames a second that it took, over the last seconds. */
  fps: number
  droppedTotal: number
  /** How old, in milliseconds, its newest frame was when its connection had taken it; null before the first. */
  lagMs: number | null
}

/** What is told of a camera's picture, and of each of its renditions: JSON, times as ISO 8601, no credential. */
export interface RenditionStatus {
  state: State['kind']
  since: string
  /** Why there is no picture, and since when; it stays through the attempts of one outage. */
  failure: { code: FailureCode, message: string, since: string } | null
  nextRetryAt: string | null
  /** Frames a second over the last seconds, as they came. */
  fps: number
  /** Milliseconds since the newest frame; null before the first one. */
  frameAgeMs: number | null
  /** Pixels, of the newest frame; null before the first one. */
  width: number | null
  height: number | null
  viewers: number
  /** How each viewer of its stream fares. */
  watching: ViewerStatus[]
  framesTotal: number
  /** Frames that some viewer skipped because its connection, or camgate itself, was busy. */
  droppedTotal: number
}

/** What a camera says of itself to the outside. */
export interface CameraStatus extends RenditionStatus {
  name: string
  /** What is asked for pictures, as everybody may see it: an address, a device … */
  address: string
  /** camgate plays it itself. */
  simulated: boolean
  /** The highest rate that was configured. */
  fpsLimit: number
  /** How the camera is read, and what it sends; null while it is not read, or that is not known yet. */
  input: InputStatus | null
  /** Attempts after the first, since camgate was started. */
  restarts: number
  /** By name. */
  renditions: Record<string, RenditionStatus>
}

/** Of what is in this state, and has come in there. */
export function statusOf (state: State, intake: Publisher, clock: Clock): RenditionStatus {
  const now = clock.now()
  const iso = isoBy(clock)
  const outage = outageOf(state)
  return {
    state: state.kind,
    since: iso(state.since),
    failure: outage && { code: outage.code, message: outage.message, since: iso(outage.since) },
    nextRetryAt: state.kind === 'waiting' ? iso(state.retryAt) : null,
    ...intake.report(now),
    watching: intake.hub.deliveries(now).map(({ from, since, fps, dropped, lagMs }) => ({ from, since: iso(since), fps, droppedTotal: dropped, lagMs }))
  }
}

/** The clock's `now()` of some moment as ISO 8601. */
export const isoBy = (clock: Clock) => (at: number): string => new Date(wallTimeOf(clock, at)).toISOString()
