import type { Part } from './boxes.js'

/** How MP4 stores a codec's pictures. */
export interface SampleFormat {
  /** The type of its sample entry, and of the box in it that describes the stream to a decoder. */
  readonly entry: string
  readonly configuration: string
  /** Whether a NAL unit belongs to the samples: parameter sets are stored in the description instead. */
  isSample (nal: Uint8Array): boolean
  /** The description, from the NAL units of a key picture; undefined if they lack a parameter set. */
  describe (nals: readonly Uint8Array[]): Part[] | undefined
}
