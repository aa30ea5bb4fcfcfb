import { BitReader } from './bits.js'
import { hasRecoveryPoint } from './h264-sei.js'
import { readH264Sps } from './h264-sps.js'
import { beginsPicture, isSlice, nalType, nalTypes } from './h264.js'
import type { NalPayloadFormat } from './nal-format.js'

/** RFC 6184, non-interleaved: single NAL units, STAP-A, FU-A. */
export const h264Format: NalPayloadFormat = {
  name: 'H.264',
  headerBytes: 1,
  firstSingle: 1,
  aggregate: 24,
  fragment: 28,
  interleaved: new Set([25, 26, 27, 29]),
  fragmentHead: payload => Buffer.from([(payload.readUInt8(0) & 0xe0) | (payload.readUInt8(1) & 0x1f), ...payload.subarray(2, 3)]),

  type: nalType,
  isSlice,
  beginsPicture,
  isKey: head => nalType(head) === nalTypes.idr,
  // Some cameras send one IDR picture, and from then on only intra pictures with this in front.
  announcesKey: nal => nalType(nal) === nalTypes.sps || (nalType(nal) === nalTypes.sei && hasRecoveryPoint(nal)),
  leftOut: new Set([nalTypes.delimiter, nalTypes.filler]),
  parameterSets: [nalTypes.sps, nalTypes.pps],
  parameterSetId: (nal, type) => new BitReader(nal, type === nalTypes.sps ? 4 : 1).unsigned(),
  sps: nalTypes.sps,
  readSps: readH264Sps,
  delimiter: Buffer.from([0, 0, 0, 1, 0x09, 0xf0])
}
