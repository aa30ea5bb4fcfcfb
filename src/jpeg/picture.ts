import type { SplitJpeg } from './splitter.js'

/** A whole JPEG for viewers: the camera's own, or one made from its pictures. */
export interface JpegPicture extends SplitJpeg {
  /** When it arrived, or its original did if that is known: the clock's `now()`. */
  readonly at: number
  /** When the coded picture arrived that it was decoded from, if that is known. */
  readonly originalAt?: number | undefined
  /** Whether it contains, or may contain, stale or wrong areas because data from the camera was lost. */
  readonly damaged: boolean
  /** The camera's own JPEG, at the camera's rate, which may be higher than wanted. */
  readonly copied?: boolean
}
