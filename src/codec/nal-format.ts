import type { PictureFormat } from './coded-picture.js'

/** What access units need to know about a codec. A `head` is a NAL unit's header and at least the next six bytes, if the NAL unit is that long. */
export interface NalFormat {
  readonly codec: 'h264' | 'h265'
  type (head: Buffer): number
  isSlice (head: Buffer): boolean
  beginsPicture (head: Buffer): boolean
  /** Whether a picture with this slice needs no other picture. */
  isKey (head: Buffer): boolean
  /** Whether neither the picture with this slice nor any after it refers to an earlier picture. */
  resets (head: Buffer): boolean
  /** Whether this slice refers to no other picture. */
  isIntra (head: Buffer): boolean
  /** Whether no picture refers to one with this slice; `topLayer` is the stream's highest temporal sub-layer. */
  isDisposable (head: Buffer, topLayer: number): boolean
  /** The highest temporal sub-layer that a sequence parameter set allows. */
  topLayer (sps: Buffer): number
  /** Whether a decoder can start at the picture that follows this NAL unit, which is not a slice. */
  announcesKey (nal: Buffer): boolean
  /** After how many pictures a decoder that starts at this NAL unit, which is not a slice, shows everything correctly. */
  recoversAfter (nal: Buffer): number | undefined
  /** Whether decoders must ignore its type, because it is reserved or unspecified. */
  isForeign (head: Buffer): boolean
  /** Types that are dropped: filler, and delimiters, because we add our own. */
  dropped: ReadonlySet<number>
  /** The types of parameter sets, in their order in front of a key picture. Each set refers to one of the previous type. */
  parameterSets: readonly number[]
  /** Undefined if the NAL unit is too short. */
  parameterSetId (nal: Buffer, type: number): number | undefined
  /** The id of the parameter set that this one refers to; undefined if it refers to none. */
  referredId (nal: Buffer, type: number): number | undefined
  /** The id of the picture parameter set that a slice refers to; undefined if the slice is too short. */
  slicePpsId (nal: Buffer): number | undefined
  sps: number
  readSps (nal: Buffer): PictureFormat | undefined
  /** An access unit delimiter with its start code. A parser that reads it knows that the picture before it is complete. */
  delimiter: Buffer
}

/** A codec's RTP payload format. A payload's type is in the same bits as a NAL unit's. */
export interface NalPayloadFormat extends NalFormat {
  name: string
  headerBytes: number
  aggregate: number
  fragment: number
  /** Types whose NAL units do not arrive in decoding order. */
  interleaved: ReadonlySet<number>
  /** Restores a fragmented NAL unit's header from one of its fragments. */
  fragmentHeader (payload: Buffer): Buffer
}
