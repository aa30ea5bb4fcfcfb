import type { BitReader } from '../bits.js'

/** Where a sequence parameter set has, or lacks, a bitstream restriction: H.264 sections E.1.1 and E.2.1. */
export interface Restriction {
  /** Which part is there. */
  readonly has: 'nothing' | 'vui' | 'restriction'
  /** The position of the first missing part's flag, or of max_num_reorder_frames. */
  readonly at: number
  /** max_num_reorder_frames; undefined if it is not there. */
  readonly reorderFrames: number | undefined
}

/** `bits` is at vui_parameters_present_flag, and is left after the VUI. */
export function readRestriction (bits: BitReader): Restriction {
  const start = bits.position
  if (!bits.flag()) return { has: 'nothing', at: start, reorderFrames: undefined }
  skipPicture(bits)
  skipTimes(bits)
  const at = bits.position
  if (!bits.flag()) return { has: 'vui', at, reorderFrames: undefined }
  bits.skip(1) // motion_vectors_over_pic_boundaries_flag
  for (let field = 0; field < 4; field++) bits.unsigned() // the sizes of pictures, macroblocks and motion vectors
  const reorderAt = bits.position
  const reorderFrames = bits.unsigned()
  bits.unsigned() // max_dec_frame_buffering
  return { has: 'restriction', at: reorderAt, reorderFrames }
}

const EXTENDED_SAR = 255

function skipPicture (bits: BitReader): void {
  if (bits.flag() && bits.bits(8) === EXTENDED_SAR) bits.skip(32) // aspect_ratio_info
  if (bits.flag()) bits.skip(1) // overscan_info
  if (bits.flag()) { // video_signal_type
    bits.skip(4)
    if (bits.flag()) bits.skip(24) // colour_description
  }
  if (bits.flag()) { // chroma_loc_info
    bits.unsigned()
    bits.unsigned()
  }
}

function skipTimes (bits: BitReader): void {
  if (bits.flag()) bits.skip(65) // timing_info
  const nal = bits.flag()
  if (nal) skipHrd(bits)
  const vcl = bits.flag()
  if (vcl) skipHrd(bits)
  if (nal || vcl) bits.skip(1) // low_delay_hrd_flag
  bits.skip(1) // pic_struct_present_flag
}

function skipHrd (bits: BitReader): void {
  const count = bits.unsigned() + 1
  bits.skip(8)
  for (let cpb = 0; cpb < count && !bits.broken; cpb++) {
    bits.unsigned()
    bits.unsigned()
    bits.skip(1)
  }
  bits.skip(20)
}
