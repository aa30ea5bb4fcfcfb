import { BitReader, withoutEmulationPrevention } from './bits.js'
import type { PictureFormat } from './coded-picture.js'
import { readCropping, checkedFormat } from './sps.js'

/** Profiles whose sequence parameter set has a chroma format and scaling lists, H.264 section 7.3.2.1.1. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Reads profile, cropped size and depth from a sequence parameter set; undefined if it is invalid. */
export function readH264Sps (nal: Buffer): PictureFormat | undefined {
  const bits = new BitReader(withoutEmulationPrevention(nal), 1)
  const profile = bits.bits(8)
  const constraints = bits.bits(8)
  bits.skip(8) // level_idc
  bits.unsigned() // id
  const chroma = highProfiles.has(profile) ? readChroma(bits) : { horizontal: 2, vertical: 2, depth: 8 }
  bits.unsigned() // log2_max_frame_num_minus4
  skipPictureOrder(bits)
  bits.unsigned() // max_num_ref_frames
  bits.skip(1) // gaps_in_frame_num_value_allowed_flag
  const codedWidth = 16 * (bits.unsigned() + 1)
  const mapUnits = bits.unsigned() + 1
  const fieldsPerMapUnit = bits.flag() ? 1 : 2 // frame_mbs_only_flag
  if (fieldsPerMapUnit === 2) bits.skip(1) // mb_adaptive_frame_field_flag
  bits.skip(1) // direct_8x8_inference_flag
  const cut = readCropping(bits)
  const codedHeight = fieldsPerMapUnit * 16 * mapUnits
  return checkedFormat(bits, { width: codedWidth, height: codedHeight }, {
    profile: profileName(profile, constraints),
    width: codedWidth - chroma.horizontal * cut.horizontal,
    height: codedHeight - fieldsPerMapUnit * chroma.vertical * cut.vertical,
    depth: chroma.depth
  })
}

/** Luma samples per chroma sample, and bits per luma sample. */
function readChroma (bits: BitReader): { horizontal: number, vertical: number, depth: number } {
  const format = bits.unsigned()
  if (format === 3) bits.skip(1) // separate_colour_plane_flag
  const depth = 8 + bits.unsigned()
  bits.unsigned() // bit_depth_chroma_minus8
  bits.skip(1) // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) {
    for (let list = 0; list < (format === 3 ? 12 : 8); list++) if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64)
  }
  return { horizontal: format === 1 || format === 2 ? 2 : 1, vertical: format === 1 ? 2 : 1, depth }
}

function skipScalingList (bits: BitReader, size: number): void {
  let scale = 8
  for (let at = 0; at < size && scale !== 0 && !bits.broken; at++) scale = (scale + bits.signed()) & 0xff
}

function skipPictureOrder (bits: BitReader): void {
  const type = bits.unsigned()
  if (type === 0) bits.unsigned()
  if (type !== 1) return
  bits.skip(1) // delta_pic_order_always_zero_flag
  bits.signed()
  bits.signed()
  const count = bits.unsigned()
  for (let frame = 0; frame < count && !bits.broken; frame++) bits.signed()
}

function profileName (profile: number, constraints: number): string {
  switch (profile) {
    case 66: return (constraints & 0x40) !== 0 ? 'Constrained Baseline' : 'Baseline'
    case 77: return 'Main'
    case 88: return 'Extended'
    case 100: return 'High'
    case 110: return 'High 10'
    default: return `profile ${profile}`
  }
}
