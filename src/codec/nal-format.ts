import type { PictureFormat } from './coded-picture.js'

/** What access units must know of a codec. A `head` is a NAL unit's header and the bytes behind it, at least six where there are that many. */
export interface NalFormat {
  readonly codec: 'h264' | 'h265'
  type (head: Buffer): number
  isSlice (head: Buffer): boolean
  beginsPicture (head: Buffer): boolean
  /** Whether a picture with this slice needs no other. */
  isKey (head: Buffer): boolean
  /** Whether nothing from a picture with this slice on refers to a picture before it. */
  resets (head: Buffer): boolean
  /** Whether this slice refers to no other picture. */
  isIntra (head: Buffer): boolean
  /** Whether no picture refers to one with this slice; `topLayer` is the stream's highest temporal sub-layer. */
  isDisposable (head: Buffer, topLayer: number): boolean
  /** The highest temporal sub-layer that a sequence parameter set allows. */
  topLayer (sps: Buffer): number
  /** Whether a picture behind this NAL unit, which is no slice, can be started with. */
  announcesKey (nal: Buffer): boolean
  /** After how many pictures a decoder that starts behind this NAL unit, which is no slice, shows everything as it was sent. */
  recoversAfter (nal: Buffer): number | undefined
  /** A type that decoders must ignore: reserved, or free for a maker's own use. */
  isForeign (head: Buffer): boolean
  /** Delimiters, because we set our own, and filler. */
  leftOut: ReadonlySet<number>
  /** In the order in which they stand in front of a key picture; each refers to one of the type before it. */
  parameterSets: readonly number[]
  /** Undefined if the NAL unit is cut off before it. */
  parameterSetId (nal: Buffer, type: number): number | undefined
  /** The id that a parameter set refers to; undefined if it refers to none. */
  referredId (nal: Buffer, type: number): number | undefined
  /** The id of the picture parameter set that a slice refers to; undefined if the slice is cut off before it. */
  slicePpsId (nal: Buffer): number | undefined
  sps: number
  readSps (nal: Buffer): PictureFormat | undefined
  /** With its start code: it tells a parser that the picture in front of it is whole. */
  delimiter: Buffer
}

/** How a codec's NAL units travel. The type of a payload stands where that of a NAL unit does. */
export interface NalPayloadFormat extends NalFormat {
  name: string
  headerBytes: number
  aggregate: number
  fragment: number
  /** Types whose NAL units come in another order than they are decoded in. */
  interleaved: ReadonlySet<number>
  /** The header of the NAL unit of which this is a fragment. */
  fragmentHeader (payload: Buffer): Buffer
}
