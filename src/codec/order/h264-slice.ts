import { BitReader, withoutEmulationPrevention } from '../bits.js'
import { h264NalType, h264NalTypes } from '../h264.js'
import type { H264Sps } from '../h264-sps.js'

/** More than a slice header takes up to its picture order count. */
const MAX_HEADER_BYTES = 32

/** What a slice header says about the order of its picture. */
export interface SliceOrder {
  /** pic_order_cnt_lsb. */
  readonly lsb: number
  readonly isIdr: boolean
  readonly isReference: boolean
}

/** Reads a slice header up to pic_order_cnt_lsb, H.264 section 7.3.3, for a stream with pic_order_cnt_type 0; undefined if it is too short. */
export function readSliceOrder (slice: Buffer, sps: H264Sps): SliceOrder | undefined {
  const bits = new BitReader(withoutEmulationPrevention(slice.subarray(0, MAX_HEADER_BYTES)), 1)
  const isIdr = h264NalType(slice) === h264NalTypes.idr
  bits.unsigned() // first_mb_in_slice
  bits.unsigned() // slice_type
  bits.unsigned() // pic_parameter_set_id
  if (sps.separatePlanes) bits.skip(2) // colour_plane_id
  bits.skip(sps.frameNumBits)
  if (sps.hasFields && bits.flag()) bits.skip(1) // field_pic_flag, bottom_field_flag
  if (isIdr) bits.unsigned() // idr_pic_id
  const lsb = bits.bits(sps.pictureOrder.lsbBits)
  return bits.broken ? undefined : { lsb, isIdr, isReference: (slice.readUInt8(0) & 0x60) !== 0 }
}
