/** A frame's number, times and status. */
export interface FrameStamp {
  /** Rises by one with each frame of a hub. Never restarts while the process lives. */
  readonly seq: number
  /** When its last byte arrived, or when the status frame was shown: the clock's `now()`, in milliseconds. */
  readonly at: number
  /** When the coded picture arrived that it was decoded from, if that is known. Frames of several decoders are in the camera's order by it, however long each takes. */
  readonly originalAt?: number | undefined
  /** `at` in milliseconds since 1970. */
  readonly wall: number
  /** Status frames only: the camera's state, as in /status. */
  readonly state?: string
  /** Whether packet loss has left, or may have left, something old or wrong in the picture. */
  readonly damaged?: boolean
}

/**
 * One whole JPEG: a camera's picture or, while there is none, the status frame that gives the reason. All receivers share its
 * buffer, so nobody may write to it.
 */
export interface Frame extends FrameStamp {
  readonly damaged: boolean
  /** Whether it is a picture that the camera has just sent; false for a status frame. */
  readonly live: boolean
  /** Pixels, from the JPEG's own header. */
  readonly width: number
  readonly height: number
  readonly jpeg: Buffer
}

/** The same picture under another number. */
export const renumber = (frame: Frame, seq: number): Frame => seq === frame.seq ? frame : { ...frame, seq }
