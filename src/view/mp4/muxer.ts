import type { Size } from '../../picture-size.js'
import { avc } from './avc.js'
import { ascii, box, concat, fullBox, u32, u64 } from './boxes.js'
import { hevc } from './hevc.js'
import { initSegment, TRACK } from './init-segment.js'
import { lengthPrefixedBytes, splitNalUnits, writeLengthPrefixed } from './nal-units.js'
import type { SampleFormat } from './sample-format.js'

const FORMATS = { h264: avc, h265: hevc } as const
const BOX_HEADER_BYTES = 8

/** Flags of a sample, ISO/IEC 14496-12 section 8.8.3.1: depends on no other picture; depends on others and is no sync sample. */
const KEY_SAMPLE = 0x02000000
const OTHER_SAMPLE = 0x01010000

/** Of a tfhd: offsets count from the moof. Of a trun: which fields it has. */
const BASE_IS_MOOF = 0x020000
const HAS_OFFSET = 0x1
const HAS_DURATION = 0x100
const HAS_SIZE = 0x200
const HAS_FLAGS = 0x400

/** Makes fragmented MP4 of pictures that are shown in the order in which they come, one fragment for each. */
export class Muxer {
  readonly #format: SampleFormat
  #description: Uint8Array | undefined
  #sequence = 0
  #time = 0

  constructor (codec: keyof typeof FORMATS) {
    this.#format = FORMATS[codec]
  }

  /** When the next picture will be shown, in microseconds of the film. */
  get time (): number { return this.#time }

  /**
   * The bytes for one access unit, an Annex B byte stream that is shown for `duration` microseconds. In front of the first key picture, and of
   * each whose parameter sets have changed, they begin with an init segment. Undefined before the first key picture.
   */
  add (unit: Uint8Array, { key, duration, width, height }: Size & { readonly key: boolean, readonly duration: number }): Uint8Array<ArrayBuffer> | undefined {
    const nals = splitNalUnits(unit)
    const parts = this.#format.describe(nals)
    const description = parts && concat(...parts)
    const changed = description !== undefined && !sameBytes(description, this.#description)
    if (changed) this.#description = description
    if (!this.#description) return undefined
    const init = changed ? initSegment({ format: this.#format, description: [description], width, height }) : []
    const fragment = this.#fragment(nals.filter(this.#format.isSample), init, { key, duration })
    this.#time += duration
    return fragment
  }

  #fragment (nals: readonly Uint8Array[], before: readonly Uint8Array[], { key, duration }: { key: boolean, duration: number }): Uint8Array<ArrayBuffer> {
    const bytes = lengthPrefixedBytes(nals)
    this.#sequence++
    const moof = (dataOffset: number): Uint8Array => box('moof',
      fullBox('mfhd', 0, 0, u32(this.#sequence)),
      box('traf',
        fullBox('tfhd', 0, BASE_IS_MOOF, u32(TRACK)),
        fullBox('tfdt', 1, 0, u64(this.#time)),
        fullBox('trun', 0, HAS_OFFSET | HAS_DURATION | HAS_SIZE | HAS_FLAGS, u32(1), u32(dataOffset), u32(duration), u32(bytes), u32(key ? KEY_SAMPLE : OTHER_SAMPLE))))
    const head = concat(...before, moof(moof(0).length + BOX_HEADER_BYTES), u32(bytes + BOX_HEADER_BYTES), ascii('mdat'))
    const whole = new Uint8Array(head.length + bytes) // the picture is copied once, straight into its place
    whole.set(head)
    writeLengthPrefixed(nals, whole, head.length)
    return whole
  }
}

const sameBytes = (one: Uint8Array, other: Uint8Array | undefined): boolean => one.length === other?.length && one.every((byte, at) => byte === other[at])
