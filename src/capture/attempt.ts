import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { LiveSource } from '../sources/kinds.js'
import type { CameraMemory } from './camera-memory.js'
import type { InputReport } from './input.js'

/** One attempt at a camera's pictures. */
export interface Attempt {
  /** Idempotent. `onExit` follows when nothing is left of the attempt. */
  stop (): void
  /** Why no picture comes, as far as that shows while the attempt goes on. */
  readonly lastFailure: Failure | undefined
  /** How the camera is read, and what it sends; null while that is not known. */
  input (): InputReport | null
}

export interface AttemptEvents {
  readonly onPicture: (picture: JpegPicture) => void
  /** ffmpeg's output cannot be shown, and no picture follows: stop the attempt. */
  readonly onBroken: (failure: Failure) => void
  /** The camera reports that its last picture is still the newest, and sends none. */
  readonly onUnchanged: () => void
  /** Called once, whatever happens, and never before the attempt was returned. Undefined only if the attempt was told to stop. */
  readonly onExit: (failure: Failure | undefined) => void
}

/** A supervisor starts an attempt with it; tests give it another. */
export type Launch<Of extends LiveSource = LiveSource> = (camera: LiveCamera<Of>, events: AttemptEvents, memory: CameraMemory) => Attempt
