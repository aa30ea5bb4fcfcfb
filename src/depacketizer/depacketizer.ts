import type { CodedJpeg, CodedVideo, PictureFormat } from '../codec/coded-picture.js'
import type { RtpPacket } from '../rtp/packet.js'

/** A coded picture without its arrival time, because depacketizers have no clock. */
export type Depacketized = Omit<CodedVideo, 'at'> | Omit<CodedJpeg, 'at'>

/** Turns a track's packets into pictures. Pure and bounded. Do not use it again after it has thrown. */
export interface Depacketizer {
  /**
   * Accepts the next packet in order and returns the pictures that it completes: none, one, rarely two.
   * @param missing packets lost in front of it; Infinity if their number is unknown
   * @throws {CamgateError} NO_SIZE: a JPEG without a size; PICTURE_TOO_LARGE; BAD_RTP: the stream is not supported or exceeds a limit
   */
  push (packet: RtpPacket, missing: number): Depacketized[]
  /** Pictures that lacked a part and were dropped, and those that depend on something lost. */
  readonly damaged: number
  /** Undefined before the first parameter sets or JPEG header. */
  readonly format: PictureFormat | undefined
}
