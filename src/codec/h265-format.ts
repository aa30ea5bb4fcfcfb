import { BitReader, unsignedAt } from './bits.js'
import { readH265Sps } from './h265-sps.js'
import { beginsH265Picture, h265NalType, h265NalTypes, isForeignH265, isH265Key, isH265Slice } from './h265.js'
import type { NalPayloadFormat } from './nal-format.js'
import { recoveryPointIn } from './recovery-point.js'

const { vps, sps, pps, delimiter, filler, prefixSei, firstKey, cra } = h265NalTypes

/** RFC 7798 without DONL fields: single NAL units, aggregation packets, fragmentation units. */
export const h265Format: NalPayloadFormat = {
  codec: 'h265',
  name: 'H.265',
  headerBytes: 2,
  aggregate: 48,
  fragment: 49,
  interleaved: new Set(),
  fragmentHeader: payload => Buffer.from([(payload.readUInt8(0) & 0x81) | ((payload.readUInt8(2) & 0x3f) << 1), payload.readUInt8(1)]),

  type: h265NalType,
  isSlice: isH265Slice,
  beginsPicture: beginsH265Picture,
  isKey: isH265Key,
  resets: head => isH265Key(head) && h265NalType(head) !== cra,
  isIntra: isH265Key,
  isDisposable,
  topLayer: nal => ((nal[2] ?? 0) >> 1) & 7, // sps_max_sub_layers_minus1
  announcesKey: () => false,
  recoversAfter,
  isForeign: isForeignH265,
  dropped: new Set([delimiter, filler]),
  parameterSets: [vps, sps, pps],
  parameterSetId,
  referredId,
  slicePpsId,
  sps,
  readSps: nal => readH265Sps(nal).format,
  delimiter: Buffer.from([0, 0, 0, 1, 0x46, 0x01, 0x50])
}

/** Whether it is a sub-layer non-reference picture (table 7-1) of the highest sub-layer. Pictures of a higher one could refer to it. */
function isDisposable (head: Buffer, topLayer: number): boolean {
  const temporalId = ((head[1] ?? 0) & 7) - 1
  return h265NalType(head) < firstKey && h265NalType(head) % 2 === 0 && temporalId >= topLayer
}

/** recovery_poc_cnt, section D.2.8: pictures, or more if the picture order count rises in larger steps. */
function recoversAfter (nal: Buffer): number | undefined {
  const bits = h265NalType(nal) === prefixSei ? recoveryPointIn(nal, 2) : undefined
  if (!bits) return undefined
  const count = bits.signed()
  return bits.broken ? Infinity : Math.max(0, count)
}

function parameterSetId (nal: Buffer, type: number): number | undefined {
  switch (type) {
    case vps: return firstBits(nal)
    case sps: return readH265Sps(nal).id
    default: return unsignedAt(nal, 2, 0)
  }
}

function referredId (nal: Buffer, type: number): number | undefined {
  switch (type) {
    case sps: return firstBits(nal)
    case pps: return unsignedAt(nal, 2, 1)
    default: return undefined
  }
}

/** Section 7.3.6.1: it follows one flag, or two in a key picture. */
function slicePpsId (nal: Buffer): number | undefined {
  const bits = new BitReader(nal.subarray(0, 8), 2)
  bits.skip(isH265Key(nal) ? 2 : 1)
  const id = bits.unsigned()
  return bits.broken ? undefined : id
}

/** The video parameter set's id, u(4), at the start of video and sequence parameter sets. */
const firstBits = (nal: Buffer): number | undefined => nal.length > 2 ? nal.readUInt8(2) >> 4 : undefined
