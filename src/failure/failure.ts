/** Why a camera shows no picture. `docs/guide.md` has a row for each. */
export type FailureCode =
  | 'auth' | 'not-found' | 'refused' | 'unreachable' | 'dns' | 'busy' | 'unsupported'
  | 'stalled' | 'bad-stream' | 'no-ffmpeg' | 'no-program' | 'no-device' | 'not-permitted' | 'exited'

/**
 * How an attempt failed. `message` is for the person in front of the page: what happened and what to do, in whole sentences. It holds no
 * credential, and nothing about the next try.
 */
export interface Failure {
  readonly code: FailureCode
  readonly message: string
  /** The camera refused our credentials. Cameras lock accounts, so the next try must wait. */
  readonly locks?: true
  /** The camera never answered our login: it may have refused it. */
  readonly unanswered?: true
  /** Why camgate does not understand the camera, although ffmpeg may: words for the middle of a sentence. */
  readonly notUnderstood?: string
  /** ffmpeg ended without a reason from the camera: its decoder may be at fault. */
  readonly decoderFault?: true
  /** This device is at fault, and another may work. */
  readonly deviceFault?: true
  /** The mistake in camgate that caused the failure, for the log. */
  readonly defect?: Error
}
