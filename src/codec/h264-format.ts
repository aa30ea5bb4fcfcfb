import { BitReader, unsignedAt, withoutEmulationPrevention } from './bits.js'
import { readH264Sps } from './h264-sps.js'
import { beginsH264Picture, h264NalType, h264NalTypes, isH264Slice } from './h264.js'
import type { NalPayloadFormat } from './nal-format.js'
import { recoveryPointIn } from './recovery-point.js'

/** RFC 6184, non-interleaved: single NAL units, STAP-A, FU-A. */
export const h264Format: NalPayloadFormat = {
  codec: 'h264',
  name: 'H.264',
  headerBytes: 1,
  aggregate: 24,
  fragment: 28,
  interleaved: new Set([25, 26, 27, 29]),
  fragmentHeader: payload => Buffer.from([(payload.readUInt8(0) & 0xe0) | (payload.readUInt8(1) & 0x1f)]),

  type: h264NalType,
  isSlice: isH264Slice,
  beginsPicture: beginsH264Picture,
  isKey: head => h264NalType(head) === h264NalTypes.idr,
  resets: head => h264NalType(head) === h264NalTypes.idr,
  isIntra,
  isDisposable: head => ((head[0] ?? 0) & 0x60) === 0, // nal_ref_idc
  topLayer: () => 0,
  // Some cameras send one IDR picture, and later only intra pictures after an SPS or a recovery point.
  announcesKey: nal => h264NalType(nal) === h264NalTypes.sps || recoversAfter(nal) !== undefined,
  recoversAfter,
  // 16 to 18, 22 and 23 are reserved, 24 to 31 and 0 unspecified: H.264 table 7-1.
  isForeign: head => h264NalType(head) === 0 || (h264NalType(head) >= 16 && ![19, 20, 21].includes(h264NalType(head))),
  dropped: new Set([h264NalTypes.delimiter, h264NalTypes.filler]),
  parameterSets: [h264NalTypes.sps, h264NalTypes.pps],
  parameterSetId: (nal, type) => unsignedAt(nal, type === h264NalTypes.sps ? 4 : 1, 0),
  referredId: (nal, type) => type === h264NalTypes.pps ? unsignedAt(nal, 1, 1) : undefined,
  slicePpsId: nal => unsignedAt(nal, 1, 2), // first_mb_in_slice and slice_type come before it
  sps: h264NalTypes.sps,
  readSps: readH264Sps,
  delimiter: Buffer.from([0, 0, 0, 1, 0x09, 0xf0])
}

/** Whether the slice header's type is I: section 7.3.3 and table 7-6. */
function isIntra (head: Buffer): boolean {
  if (h264NalType(head) === h264NalTypes.idr) return true
  if (h264NalType(head) !== h264NalTypes.slice) return false
  const bits = new BitReader(withoutEmulationPrevention(head.subarray(0, 16)), 1)
  bits.unsigned() // first_mb_in_slice
  return bits.unsigned() % 5 === 2 && !bits.broken
}

/** recovery_frame_cnt, section D.1.8. */
function recoversAfter (nal: Buffer): number | undefined {
  const bits = h264NalType(nal) === h264NalTypes.sei ? recoveryPointIn(nal, 1) : undefined
  if (!bits) return undefined
  const count = bits.unsigned()
  return bits.broken ? Infinity : count
}
