/** What is known of a camera's video before its first picture. */
export interface Track {
  readonly codec: 'h264' | 'h265' | 'mjpeg'
  /** RTP timestamp units per second; undefined if the pictures do not come by RTP. */
  readonly clockRate: number | undefined
  /** NAL units without start codes: H.264 of sprop-parameter-sets; H.265 of sprop-vps, -sps and -pps. Empty if they come in band only. */
  readonly parameterSets: readonly Buffer[]
  /** The bits of a luma sample; undefined if the parameter sets come in band only. */
  readonly depth: number | undefined
}

/** JPEGs that come by HTTP or from a command. */
export const jpegTrack: Track = { codec: 'mjpeg', clockRate: undefined, parameterSets: [], depth: 8 }

/** The video of a session description that camgate can receive: what SETUP and a depacketizer need of it. */
export interface ReceivedTrack extends Omit<Track, 'depth'> {
  readonly clockRate: number
  readonly payloadType: number
  /** `a=control` as written: relative, absolute or `*`. */
  readonly control: string | undefined
  /** Pixels, of `a=x-dimensions` or `a=framesize`: a JPEG wider or higher than 2040 has no room for them in its packets. */
  readonly size: { width: number, height: number } | undefined
}
