import type { Size } from '../picture-size.js'

/** One picture as the camera coded it. */
export type CodedPicture = CodedVideo | CodedJpeg

/** A picture of H.264 or H.265. */
export interface CodedVideo extends Coded {
  readonly codec: 'h264' | 'h265'
  /** Key pictures only: every parameter set that the group may need, without start codes. The same array until a set changes. */
  readonly parameterSets?: readonly Buffer[]
  /** Key pictures only: from the parameter sets that it uses; undefined if they cannot be read. The same object until a set changes. */
  readonly format?: PictureFormat | undefined
}

/** A whole JPEG, with the width and height in its header. */
export interface CodedJpeg extends Coded, Size { readonly codec: 'mjpeg' }

interface Coded {
  /** When its last byte arrived: the clock's `now()`. */
  readonly at: number
  /** The RTP timestamp, in units of the track's clock; it wraps. Undefined without RTP. */
  readonly rtpTime: number | undefined
  /** Whether it can be decoded without other pictures. */
  readonly key: boolean
  /** Whether it depends, or may depend, on a picture that was lost. */
  readonly damaged: boolean
  /**
   * H.264 and H.265: an Annex B byte stream, with parameter sets in front of a key picture and an access unit delimiter after the last NAL
   * unit, so that a decoder's parser need not wait for the next picture. MJPEG: a JPEG with its Huffman tables.
   */
  readonly bytes: Buffer
}

/** The format from a stream's parameter sets or JPEG header: the size in pixels, and the bits per luma sample. */
export interface PictureFormat extends Size { readonly profile: string, readonly depth: number }
