/** The video of a session description that the direct way in can receive: what SETUP and a depacketizer need of it. */
export interface ReceivedTrack {
  codec: 'h264' | 'h265' | 'mjpeg'
  payloadType: number
  /** RTP timestamp units per second. */
  clockRate: number
  /** `a=control` as written: relative, absolute or `*`. */
  control: string | undefined
  /** NAL units without start codes: H.264 of sprop-parameter-sets; H.265 of sprop-vps, -sps and -pps. */
  parameterSets: Buffer[]
  /** Pixels, of `a=x-dimensions` or `a=framesize`: a JPEG wider or higher than 2040 has no room for them in its packets. */
  size: { width: number, height: number } | undefined
}
