import type { FailureCode } from './failure.js'
import type { State } from './state.js'

/** What a camera says of itself to the outside: JSON, times as ISO 8601, no credential. */
export interface CameraStatus {
  name: string
  state: State['kind']
  since: string
  /** Why there is no picture, and since when; it stays through the attempts of one outage. */
  failure: { code: FailureCode, message: string, since: string } | null
  nextRetryAt: string | null
  /** Frames a second over the last seconds, as they came from the camera. */
  fps: number
  /** Milliseconds since the newest frame; null before the first one. */
  frameAgeMs: number | null
  /** Pixels, of the newest frame; null before the first one. */
  width: number | null
  height: number | null
  viewers: number
  framesTotal: number
  /** Frames that some viewer skipped because its connection was busy. */
  droppedTotal: number
  /** Attempts after the first, since camgate was started. */
  restarts: number
}
