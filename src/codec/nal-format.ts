import type { PictureFormat } from './coded-picture.js'

/** A codec, as far as access units need it. A `head` is a NAL unit's header and the bytes after it: at least six, if the NAL unit is that long. */
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
  /** Whether decoders must ignore its type: reserved, or free for a maker's own use. */
  isForeign (head: Buffer): boolean
  /** Types that are dropped: delimiters, because we set our own, and filler. */
  dropped: ReadonlySet<number>
  /** Types, in their order in front of a key picture. Each set refers to one of the type before it. */
  parameterSets: readonly number[]
  /** Undefined if the NAL unit ends before it. */
  parameterSetId (nal: Buffer, type: number): number | undefined
  /** The id of the parameter set that this one refers to; undefined if it refers to none. */
  referredId (nal: Buffer, type: number): number | undefined
  /** The id of the picture parameter set that a slice refers to; undefined if the slice ends before it. */
  slicePpsId (nal: Buffer): number | undefined
  sps: number
  readSps (nal: Buffer): PictureFormat | undefined
  /** An access unit delimiter with its start code: it tells a parser that the picture before it is complete. */
  delimiter: Buffer
}

/** A codec's RTP payload format. The type of a payload is in the same bits as that of a NAL unit. */
export interface NalPayloadFormat extends NalFormat {
  name: string
  headerBytes: number
  aggregate: number
  fragment: number
  /** Types whose NAL units do not come in decoding order. */
  interleaved: ReadonlySet<number>
  /** The header of the NAL unit of which this is a fragment. */
  fragmentHeader (payload: Buffer): Buffer
}
