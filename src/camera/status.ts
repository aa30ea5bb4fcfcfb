import type { FailureCode } from './failure.js'
import type { InputStatus } from './input.js'
import type { State } from './state.js'

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
  /** The highest rate that was configured. */
  fpsLimit: number
  /** Milliseconds since the newest frame; null before the first one. */
  frameAgeMs: number | null
  /** Pixels, of the newest frame; null before the first one. */
  width: number | null
  height: number | null
  /** How the camera is read, and what it sends; null while it is not read, or that is not known yet. */
  input: InputStatus | null
  viewers: number
  /** How each viewer of its stream fares. */
  watching: ViewerStatus[]
  framesTotal: number
  /** Frames that some viewer skipped because its connection, or camgate itself, was busy. */
  droppedTotal: number
  /** Attempts after the first, since camgate was started. */
  restarts: number
}
