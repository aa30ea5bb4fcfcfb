import type { CodedJpeg, CodedVideo, PictureFormat } from '../codec/coded-picture.js'
import type { RtpPacket } from '../rtp/packet.js'

/** A coded picture; when it came is for whoever has a clock. */
export type Depacketized = Omit<CodedVideo, 'at'> | Omit<CodedJpeg, 'at'>

/** Makes pictures of a track's packets. Pure, and bounded; one that has thrown is done with. */
export interface Depacketizer {
  /**
   * Takes the next packet in order, and returns the pictures that it completes: none, one, rarely two.
   * @param missing packets before it that were lost; Infinity where their number is not known
   * @throws {CamgateError} NO_SIZE for JPEGs that do not say how large they are; PICTURE_TOO_LARGE; BAD_RTP when the camera sends what cannot be received, or more than the bounds allow
   */
  push (packet: RtpPacket, missing: number): Depacketized[]
  /** Pictures that lacked a part and were left out, and those that depend on something that was lost. */
  readonly damaged: number
  /** Known once parameter sets, or a JPEG header, were seen. */
  readonly format: PictureFormat | undefined
}
