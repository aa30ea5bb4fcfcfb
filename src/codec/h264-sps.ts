import { BitReader, withoutEmulationPrevention } from './bits.js'
import type { Size } from '../picture-size.js'
import type { PictureFormat } from './coded-picture.js'
import { readCropping, checkedFormat } from './sps.js'

/** Profiles whose sequence parameter set has a chroma format and scaling lists, H.264 section 7.3.2.1.1. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** A sequence parameter set up to its VUI, section 7.3.2.1.1. */
export interface H264Sps {
  readonly id: number
  /** Of frame_num in slice headers. */
  readonly frameNumBits: number
  readonly pictureOrder: PictureOrderSyntax
  readonly maxRefFrames: number
  readonly hasFields: boolean
  readonly separatePlanes: boolean
  readonly coded: Size
  /** Not checked. */
  readonly format: PictureFormat
}

/** pic_order_cnt_type, and the length of pic_order_cnt_lsb in slice headers. */
export interface PictureOrderSyntax { readonly type: number, readonly lsbBits: number }

/** Reads profile, cropped size and depth from a sequence parameter set; undefined if it is invalid. */
export function readH264Sps (nal: Buffer): PictureFormat | undefined {
  const bits = new BitReader(withoutEmulationPrevention(nal), 1)
  const { coded, format } = readUpToVui(bits)
  return checkedFormat(bits, coded, format)
}

/** `bits` is after the NAL unit's header, and is left at vui_parameters_present_flag. Check whether it is `broken`. */
export function readUpToVui (bits: BitReader): H264Sps {
  const profile = bits.bits(8)
  const constraints = bits.bits(8)
  bits.skip(8) // level_idc
  const id = bits.unsigned()
  const chroma = highProfiles.has(profile) ? readChroma(bits) : { horizontal: 2, vertical: 2, depth: 8, separatePlanes: false }
  const frameNumBits = bits.unsigned() + 4
  const pictureOrder = readPictureOrder(bits)
  const maxRefFrames = bits.unsigned()
  bits.skip(1) // gaps_in_frame_num_value_allowed_flag
  const width = 16 * (bits.unsigned() + 1)
  const mapUnits = bits.unsigned() + 1
  const fieldsPerMapUnit = bits.flag() ? 1 : 2 // frame_mbs_only_flag
  if (fieldsPerMapUnit === 2) bits.skip(1) // mb_adaptive_frame_field_flag
  bits.skip(1) // direct_8x8_inference_flag
  const cut = readCropping(bits)
  const height = fieldsPerMapUnit * 16 * mapUnits
  return {
    id,
    frameNumBits,
    pictureOrder,
    maxRefFrames,
    hasFields: fieldsPerMapUnit === 2,
    separatePlanes: chroma.separatePlanes,
    coded: { width, height },
    format: {
      profile: profileName(profile, constraints),
      width: width - chroma.horizontal * cut.horizontal,
      height: height - fieldsPerMapUnit * chroma.vertical * cut.vertical,
      depth: chroma.depth
    }
  }
}

/** Luma samples per chroma sample, and bits per luma sample. */
function readChroma (bits: BitReader): { horizontal: number, vertical: number, depth: number, separatePlanes: boolean } {
  const format = bits.unsigned()
  const separatePlanes = format === 3 && bits.flag()
  const depth = 8 + bits.unsigned()
  bits.unsigned() // bit_depth_chroma_minus8
  bits.skip(1) // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) {
    for (let list = 0; list < (format === 3 ? 12 : 8); list++) if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64)
  }
  return { horizontal: format === 1 || format === 2 ? 2 : 1, vertical: format === 1 ? 2 : 1, depth, separatePlanes }
}

function skipScalingList (bits: BitReader, size: number): void {
  let scale = 8
  for (let at = 0; at < size && scale !== 0 && !bits.broken; at++) scale = (scale + bits.signed()) & 0xff
}

function readPictureOrder (bits: BitReader): PictureOrderSyntax {
  const type = bits.unsigned()
  if (type !== 1) return { type, lsbBits: type === 0 ? bits.unsigned() + 4 : 0 }
  bits.skip(1) // delta_pic_order_always_zero_flag
  bits.signed()
  bits.signed()
  const count = bits.unsigned()
  for (let frame = 0; frame < count && !bits.broken; frame++) bits.signed()
  return { type, lsbBits: 0 }
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
