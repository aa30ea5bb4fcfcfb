/** Why a camera shows no picture. `docs/why-is-it-black.md` has a row for each code. */
export type FailureCode =
  | 'auth' | 'not-found' | 'refused' | 'unreachable' | 'dns' | 'busy' | 'unsupported'
  | 'stalled' | 'bad-stream' | 'no-ffmpeg' | 'no-program' | 'no-device' | 'not-permitted' | 'exited'

/**
 * How an attempt failed. `message` is for the person in front of the page: what happened and what to do, in whole sentences. It contains no
 * credentials, and does not mention the next try.
 */
export interface Failure {
  readonly code: FailureCode
  readonly message: string
  /** The camera refused our credentials. The next try must wait, because cameras lock accounts. */
  readonly locks?: true
  /** The camera never answered our login, and may have refused it. */
  readonly unanswered?: true
  /** Why camgate does not understand the camera, although ffmpeg may. A phrase for the middle of a sentence. */
  readonly notUnderstood?: string
  /** ffmpeg ended without a reason from the camera, so its decoder may be at fault. */
  readonly decoderFault?: true
  /** This device is at fault, and another may work. */
  readonly deviceFault?: true
  /** The bug in camgate that caused the failure, for the log. */
  readonly defect?: Error
}
