import type { SplitJpeg } from './splitter.js'

/** A whole JPEG for viewers: the camera's own, or made of one of its pictures. */
export interface JpegPicture extends SplitJpeg {
  /** When it came, or the picture that it was made of, where that is known: the clock's `now()`. */
  readonly at: number
  /** Whether a loss on its way from the camera has left, or may have left, something old or wrong in it. */
  readonly damaged: boolean
  /** The camera's own, at the camera's rate: it may come more often than wanted. */
  readonly copied?: boolean
}
