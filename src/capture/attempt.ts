import type { LiveCamera } from '../config/registry.js'
import { isAsItComes } from '../ffmpeg/picture.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { LiveSource } from '../sources/kinds.js'
import type { Trouble } from '../sources/source.js'
import type { InputReport } from './input.js'

/** One attempt at a camera's pictures. */
export interface Attempt {
  /** Idempotent; `onExit` tells when nothing is left of it. */
  stop (): void
  /** What seems to be wrong with the pictures so far, without credentials. */
  readonly complaint: string | undefined
  /** How the camera is read, and what it sends; null while that is not known. */
  input (): InputReport | null
}

export interface AttemptEvents {
  readonly onPicture: (picture: JpegPicture) => void
  /** What ffmpeg makes of the camera's pictures cannot be shown, and nothing comes after it: the attempt is to be stopped. */
  readonly onBroken: (error: Error) => void
  /** The camera says that its last picture is still the newest, and sends none. */
  readonly onUnchanged: () => void
  /** Called once, whatever happens, and never before the attempt was returned. */
  readonly onExit: (end: AttemptEnd) => void
}

/**
 * How an attempt ended: what became of its ffmpeg, or what the camera said or did (no error when it was told to stop), or what the kind of source
 * has a sentence for. `unanswered`: the camera had not answered its login yet.
 */
export type AttemptEnd = (FfmpegExit | { readonly error: Error | undefined } | { readonly trouble: Trouble }) & { readonly unanswered?: true }

/** What a supervisor starts; tests give it another. */
export type Launch<Of extends LiveSource = LiveSource> = (camera: LiveCamera<Of>, events: AttemptEvents) => Attempt

/** Whether JPEGs of the camera's own are handed on as they are. */
export const mayCopy = (camera: LiveCamera): boolean => isAsItComes(camera)
