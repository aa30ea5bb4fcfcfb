/** One picture as the camera coded it. */
export interface CodedPicture {
  /** Of RTP: it counts the track's clock and wraps. */
  timestamp: number
  /** Whether it can be decoded without another one. */
  key: boolean
  /** Whether it depends, or may depend, on one that was lost. */
  damaged: boolean
  /**
   * H.264 and H.265: an Annex B byte stream, parameter sets in front of a key picture, an access unit delimiter behind the
   * last NAL unit, so that a decoder's parser waits for nothing. MJPEG: a whole JPEG.
   */
  bytes: Buffer
}

/** What the stream says of itself. Pixels, and the bits of one's brightness. */
export interface PictureFormat { profile: string; width: number; height: number; depth: number }
