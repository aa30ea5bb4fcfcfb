import { BitReader, withoutEmulationPrevention } from '../bits.js'
import { readUpToVui } from '../h264-sps.js'
import { BitWriter } from './bit-writer.js'
import { readRestriction } from './h264-vui.js'

/** What a VUI without a restriction means, H.264 section E.2.1: max_bytes_per_pic_denom, max_bits_per_mb_denom, and log2_max_mv_length twice. */
const INFERRED = [2, 1, 15, 15]
/** The most that any level allows: section A.3.1. */
const MAX_REF_FRAMES = 16
/** From aspect_ratio_info_present_flag to pic_struct_present_flag. */
const FLAGS_OF_EMPTY_VUI = 8

/**
 * The same H.264 sequence parameter set, but with the statement that pictures are sent in the order in which they are shown: without it, a decoder may
 * hold as many pictures as the level allows (16 at most) before it shows the first. Everything else stays, bit by bit. Undefined if it cannot be read to
 * its end.
 */
export function lowDelaySps (nal: Buffer): Buffer | undefined {
  const rbsp = withoutEmulationPrevention(nal)
  const bits = new BitReader(rbsp, 1)
  const { maxRefFrames } = readUpToVui(bits)
  const { has, at } = readRestriction(bits)
  if (bits.broken || !bits.isAtTrailingBits || maxRefFrames > MAX_REF_FRAMES) return undefined
  const writer = new BitWriter()
  writer.copy(rbsp, at)
  if (has === 'nothing') {
    writer.flag(true) // vui_parameters_present_flag
    for (let flag = 0; flag < FLAGS_OF_EMPTY_VUI; flag++) writer.flag(false)
  }
  if (has !== 'restriction') {
    writer.flag(true) // bitstream_restriction_flag
    writer.flag(true) // motion_vectors_over_pic_boundaries_flag
    for (const value of INFERRED) writer.unsigned(value)
  }
  writer.unsigned(0) // max_num_reorder_frames
  writer.unsigned(Math.max(1, maxRefFrames)) // max_dec_frame_buffering
  return writer.toNal()
}
