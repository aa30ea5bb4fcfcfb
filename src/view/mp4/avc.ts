import { u16, type Part } from './boxes.js'
import { rbsp, bitReader } from './rbsp.js'
import type { SampleFormat } from './sample-format.js'

const SPS = 7
const PPS = 8
const DELIMITER = 9
/** Profiles whose parameter sets have a chroma format, H.264 section 7.3.2.1.1. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
const typeOf = (nal: Uint8Array): number => nal[0]! & 0x1f

export const avc: SampleFormat = {
  entry: 'avc1',
  configuration: 'avcC',
  isSample: nal => ![SPS, PPS, DELIMITER].includes(typeOf(nal)),
  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3. */
  describe (nals) {
    const sets = nals.filter(nal => typeOf(nal) === SPS)
    const pictureSets = nals.filter(nal => typeOf(nal) === PPS)
    const [sps] = sets
    if (!sps || sps.length < 4 || pictureSets.length === 0) return undefined
    const [, profile, constraints, level] = sps as unknown as [number, number, number, number]
    return [
      [1, profile, constraints, level, 0xff, 0xe0 | sets.length], ...counted(sets), [pictureSets.length], ...counted(pictureSets),
      HIGH_PROFILES.has(profile) ? chroma(sps) : []
    ]
  }
}

const counted = (nals: readonly Uint8Array[]): Part[] => nals.flatMap(nal => [u16(nal.length), nal])

/** The end of the record for high profiles: chroma format, the bits per sample, and no extensions of sequence parameter sets. */
function chroma (sps: Uint8Array): number[] {
  const bits = bitReader(rbsp(sps), 32)
  bits.unsigned() // id
  const format = bits.unsigned()
  if (format === 3) bits.bit() // separate_colour_plane_flag
  return [0xfc | format, 0xf8 | bits.unsigned(), 0xf8 | bits.unsigned(), 0]
}
