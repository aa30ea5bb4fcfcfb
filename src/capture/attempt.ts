import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import type { Track } from '../codec/track.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { LiveSource } from '../sources/kinds.js'
import type { CameraMemory } from './camera-memory.js'
import type { InputReport } from './input.js'

/** One attempt at a camera's pictures. */
export interface Attempt {
  /** Idempotent. `onExit` follows once everything has been closed. */
  stop (): void
  /** Why there is no picture, as far as is known while the attempt runs. */
  readonly lastFailure: Failure | undefined
  /** Leaves the next attempt to ffmpeg, because camgate itself seems to misread the camera. Undefined if ffmpeg may not read it. */
  readonly handOver?: (why: string) => void
  /** Whether the attempt can go on although other pictures are to be made of what the camera sends. Undefined if it makes them itself. */
  fits? (camera: LiveCamera): boolean
  /** How the camera is read, and what it sends; null while unknown. */
  input (): InputReport | null
}

export interface AttemptEvents {
  /** A picture that can be shown as it is. */
  readonly onPicture: (picture: JpegPicture) => void
  /** The camera's pictures need decoding, and follow. Undefined: they do not after all, because ffmpeg has taken over. */
  readonly onTrack: (track: Track | undefined) => void
  readonly onCoded: (picture: CodedPicture) => void
  /** ffmpeg's output cannot be shown, and no picture follows: stop the attempt. */
  readonly onBroken: (failure: Failure) => void
  /** The camera sends no picture, because its last one is still the newest. */
  readonly onUnchanged: () => void
  /** Called exactly once, after the attempt was returned. Undefined only if the attempt was stopped. */
  readonly onExit: (failure: Failure | undefined) => void
}

/** Starts an attempt. Tests inject their own. */
export type Launch<Of extends LiveSource = LiveSource> = (camera: LiveCamera<Of>, events: AttemptEvents, memory: CameraMemory) => Attempt
