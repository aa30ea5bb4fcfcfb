import type { RtpPacket } from './rtp.js'

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

/** Makes pictures of a track's packets. Pure, and bounded; one that has thrown is done with. */
export interface Depacketizer {
  /**
   * Takes the next packet in order, and returns the pictures that it completes: none, one, rarely two.
   * @param missing packets before it that were lost; Infinity where their number is not known
   * @throws {CamgateError} NO_SIZE for JPEGs that do not say how large they are; BAD_RTP when the camera sends what cannot be received, or more than the bounds allow
   */
  push (packet: RtpPacket, missing: number): CodedPicture[]
  /** Pictures that lacked a part and were left out, and those that depend on something that was lost. */
  readonly damaged: number
  /** Known once parameter sets, or a JPEG header, were seen. */
  readonly format: PictureFormat | undefined
}
