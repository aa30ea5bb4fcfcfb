import type { PictureFormat } from './coded-picture.js'

/** A camera's video track, as far as it is known before the first picture. */
export interface Track {
  readonly codec: 'h264' | 'h265' | 'mjpeg'
  /** RTP timestamp units per second; undefined without RTP. */
  readonly clockRate: number | undefined
  /** NAL units without start codes, from sprop-parameter-sets, or sprop-vps, -sps and -pps. Empty if they are in band only. */
  readonly parameterSets: readonly Buffer[]
  /** From the parameter sets; undefined while unknown. */
  readonly format: PictureFormat | undefined
}

/** The track of JPEGs from HTTP or a command. */
export const jpegTrack: Track = { codec: 'mjpeg', clockRate: undefined, parameterSets: [], format: undefined }

/** A session description's video track that camgate can receive, with what SETUP and a depacketizer need. */
export interface ReceivedTrack extends Omit<Track, 'format'> {
  readonly clockRate: number
  readonly payloadType: number
  /** `a=control` as written: relative, absolute or `*`. */
  readonly control: string | undefined
  /** Pixels, from `a=x-dimensions` or `a=framesize`: packets cannot express the size of a JPEG wider or higher than 2040. */
  readonly size: { width: number, height: number } | undefined
}
