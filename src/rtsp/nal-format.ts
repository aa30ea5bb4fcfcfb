import type { PictureFormat } from './coded-picture.js'

/** What access units must know of a codec. A `head` is a NAL unit's header and at least the byte behind it, if it has one. */
export interface NalFormat {
  type (head: Buffer): number
  isSlice (head: Buffer): boolean
  beginsPicture (head: Buffer): boolean
  /** Whether a picture with this slice needs no other. */
  isKey (head: Buffer): boolean
  /** Whether a picture behind this NAL unit, which is no slice, can be started with. */
  announcesKey (nal: Buffer): boolean
  /** Delimiters, because we set our own, and filler. */
  leftOut: ReadonlySet<number>
  /** In the order in which they stand in front of a key picture. */
  parameterSets: readonly number[]
  parameterSetId (nal: Buffer, type: number): number
  sps: number
  readSps (nal: Buffer): PictureFormat | undefined
  /** With its start code: it tells a parser that the picture in front of it is whole. */
  delimiter: Buffer
}

/** How a codec's NAL units travel. The type of a payload stands where that of a NAL unit does. */
export interface NalPayloadFormat extends NalFormat {
  name: string
  headerBytes: number
  /** Types from this one up to `aggregate` are NAL units; `fragment` and `interleaved` are above it, and the rest is reserved. */
  firstSingle: number
  aggregate: number
  fragment: number
  /** Types whose NAL units come in another order than they are decoded in. */
  interleaved: ReadonlySet<number>
  /** The head of the NAL unit whose first fragment this is: its header, and the byte behind it. */
  fragmentHead (payload: Buffer): Buffer
}
