import { BitReader, withoutEmulationPrevention } from './bits.js'
import type { PictureFormat } from './coded-picture.js'
import { readCropping, checkedFormat } from './sps.js'

interface H265Sps {
  readonly id: number | undefined
  /** Undefined if it is invalid. */
  readonly format: PictureFormat | undefined
  /** sps_max_num_reorder_pics of the highest sub-layer; undefined if the set is too short. */
  readonly reorderPictures: number | undefined
}

/** Reads a sequence parameter set, H.265 section 7.3.2.2. */
export function readH265Sps (nal: Buffer): H265Sps {
  const bits = new BitReader(withoutEmulationPrevention(nal), 2)
  bits.skip(4) // video parameter set
  const subLayers = bits.bits(3)
  bits.skip(1) // sps_temporal_id_nesting_flag
  const profile = readProfile(bits, subLayers)
  const unchecked = bits.unsigned()
  const id = bits.broken ? undefined : unchecked
  const chroma = bits.unsigned()
  if (chroma === 3) bits.skip(1) // separate_colour_plane_flag
  const [codedWidth, codedHeight] = [bits.unsigned(), bits.unsigned()]
  const cut = readCropping(bits)
  const format = checkedFormat(bits, { width: codedWidth, height: codedHeight }, {
    profile: profileName(profile),
    width: codedWidth - (chroma === 1 || chroma === 2 ? 2 : 1) * cut.horizontal,
    height: codedHeight - (chroma === 1 ? 2 : 1) * cut.vertical,
    depth: 8 + bits.unsigned()
  })
  return { id, format, reorderPictures: readReorderPictures(bits, subLayers) }
}

/** `bits` is after bit_depth_luma_minus8. */
function readReorderPictures (bits: BitReader, subLayers: number): number | undefined {
  bits.unsigned() // bit_depth_chroma_minus8
  bits.unsigned() // log2_max_pic_order_cnt_lsb_minus4
  let reorderPictures = 0
  for (let layer = bits.flag() ? 0 : subLayers; layer <= subLayers; layer++) { // sps_sub_layer_ordering_info_present_flag
    bits.unsigned() // sps_max_dec_pic_buffering_minus1
    reorderPictures = bits.unsigned()
    bits.unsigned() // sps_max_latency_increase_plus1
  }
  return bits.broken ? undefined : reorderPictures
}

/** The general profile of profile_tier_level, section 7.3.3. Skips the profiles of sub-layers. */
function readProfile (bits: BitReader, subLayers: number): number {
  bits.skip(3)
  const profile = bits.bits(5)
  bits.skip(32 + 48 + 8)
  const present: number[] = []
  for (let layer = 0; layer < subLayers; layer++) present.push(bits.bits(2))
  if (subLayers > 0) bits.skip(2 * (8 - subLayers))
  for (const flags of present) bits.skip(((flags & 2) !== 0 ? 88 : 0) + ((flags & 1) !== 0 ? 8 : 0))
  return profile
}

function profileName (profile: number): string {
  switch (profile) {
    case 1: return 'Main'
    case 2: return 'Main 10'
    case 3: return 'Main Still Picture'
    default: return `profile ${profile}`
  }
}
