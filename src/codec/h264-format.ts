import { BitReader, unsignedAt, withoutEmulationPrevention } from './bits.js'
import { readH264Sps } from './h264-sps.js'
import { beginsPicture, isSlice, nalType, nalTypes } from './h264.js'
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

  type: nalType,
  isSlice,
  beginsPicture,
  isKey: head => nalType(head) === nalTypes.idr,
  resets: head => nalType(head) === nalTypes.idr,
  isIntra,
  isDisposable: head => ((head[0] ?? 0) & 0x60) === 0, // nal_ref_idc
  topLayer: () => 0,
  // Some cameras send one IDR picture, and then only intra pictures after one of these.
  announcesKey: nal => nalType(nal) === nalTypes.sps || recoversAfter(nal) !== undefined,
  recoversAfter,
  // 16 to 18, 22 and 23 are reserved, 24 to 31 and 0 unspecified: H.264 table 7-1.
  isForeign: head => nalType(head) === 0 || (nalType(head) >= 16 && ![19, 20, 21].includes(nalType(head))),
  dropped: new Set([nalTypes.delimiter, nalTypes.filler]),
  parameterSets: [nalTypes.sps, nalTypes.pps],
  parameterSetId: (nal, type) => unsignedAt(nal, type === nalTypes.sps ? 4 : 1, 0),
  referredId: (nal, type) => type === nalTypes.pps ? unsignedAt(nal, 1, 1) : undefined,
  slicePpsId: nal => unsignedAt(nal, 1, 2), // first_mb_in_slice and slice_type come before it
  sps: nalTypes.sps,
  readSps: readH264Sps,
  delimiter: Buffer.from([0, 0, 0, 1, 0x09, 0xf0])
}

/** An I slice by its header, section 7.3.3; table 7-6. */
function isIntra (head: Buffer): boolean {
  if (nalType(head) === nalTypes.idr) return true
  if (nalType(head) !== nalTypes.slice) return false
  const bits = new BitReader(withoutEmulationPrevention(head.subarray(0, 16)), 1)
  bits.unsigned() // first_mb_in_slice
  return bits.unsigned() % 5 === 2 && !bits.broken
}

/** recovery_frame_cnt, section D.1.8. */
function recoversAfter (nal: Buffer): number | undefined {
  const bits = nalType(nal) === nalTypes.sei ? recoveryPointIn(nal, 1) : undefined
  if (!bits) return undefined
  const count = bits.unsigned()
  return bits.broken ? Infinity : count
}
