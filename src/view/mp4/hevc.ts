import { u16, type Part } from './boxes.js'
import { rbsp, bitReader } from './rbsp.js'
import type { SampleFormat } from './sample-format.js'

const VPS = 32
const SPS = 33
const PPS = 34
const DELIMITER = 35
const typeOf = (nal: Uint8Array): number => nal[0]! >> 1 & 0x3f

export const hevc: SampleFormat = {
  entry: 'hvc1',
  configuration: 'hvcC',
  isSample: nal => ![VPS, SPS, PPS, DELIMITER].includes(typeOf(nal)),
  /** HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 8.3.3. */
  describe (nals) {
    const arrays = [VPS, SPS, PPS].map(type => ({ type, sets: nals.filter(nal => typeOf(nal) === type) }))
    const sps = arrays[1]!.sets[0]
    if (!sps || arrays.some(({ sets }) => sets.length === 0)) return undefined
    const bytes = rbsp(sps)
    const subLayers = bytes[2]! >> 1 & 7
    return [
      [1], bytes.subarray(3, 15), // general profile, tier and level
      u16(0xf000), [0xfc, ...format(bytes, subLayers)], // no limits on segments, any parallelism
      u16(0), [(subLayers + 1) << 3 | (bytes[2]! & 1) << 2 | 3], // any frame rate; temporal layers, nesting; lengths of four bytes
      [arrays.length], ...arrays.flatMap(({ type, sets }): Part[] => [[0x80 | type], u16(sets.length), ...sets.flatMap(nal => [u16(nal.length), nal])])
    ]
  }
}

/** Chroma format and bits per sample, H.265 section 7.3.2.2. */
function format (sps: Uint8Array, subLayers: number): number[] {
  const bits = bitReader(sps, 15 * 8 + subLayerBits(sps, subLayers))
  bits.unsigned() // id
  const chroma = bits.unsigned()
  if (chroma === 3) bits.bit() // separate_colour_plane_flag
  bits.unsigned() // width
  bits.unsigned() // height
  const cropped = bits.bit() === 1
  if (cropped) for (let side = 0; side < 4; side++) bits.unsigned()
  return [0xfc | chroma, 0xf8 | bits.unsigned(), 0xf8 | bits.unsigned()]
}

/** The length of the profiles of sub-layers, section 7.3.3: two flags for each of eight layers, then 88 bits and 8 bits where the flags are set. */
function subLayerBits (sps: Uint8Array, subLayers: number): number {
  if (subLayers === 0) return 0
  let length = 16
  for (let layer = 0; layer < subLayers; layer++) {
    const flags = sps[15 + (layer >> 2)]! >> (6 - 2 * (layer & 3))
    length += ((flags & 2) !== 0 ? 88 : 0) + ((flags & 1) !== 0 ? 8 : 0)
  }
  return length
}
