import type { SplitJpeg } from './splitter.js'

/** A whole JPEG for viewers: the camera's own, or one made from its pictures. */
export interface JpegPicture extends SplitJpeg {
  /** When it arrived, or its original if that is known: the clock's `now()`. */
  readonly at: number
  /** Whether a loss on the way from the camera has left, or may have left, something old or wrong in it. */
  readonly damaged: boolean
  /** It is the camera's own, at the camera's rate, which may be higher than wanted. */
  readonly copied?: boolean
}
