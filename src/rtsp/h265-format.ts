import { BitReader } from './bits.js'
import { readH265Sps } from './h265-sps.js'
import { beginsH265Picture, h265NalType, h265NalTypes, isH265Key, isH265Slice } from './h265.js'
import type { NalPayloadFormat } from './nal-format.js'
import { recoveryPointIn } from './recovery-point.js'

const { vps, sps, pps, delimiter, filler, prefixSei, firstKey, cra } = h265NalTypes

/** RFC 7798 without DONL fields: single NAL units, aggregation packets, fragmentation units. */
export const h265Format: NalPayloadFormat = {
  name: 'H.265',
  headerBytes: 2,
  firstSingle: 0,
  aggregate: 48,
  fragment: 49,
  interleaved: new Set(),
  fragmentHead: payload => Buffer.from([
    (payload.readUInt8(0) & 0x81) | ((payload.readUInt8(2) & 0x3f) << 1), payload.readUInt8(1), ...payload.subarray(3, 9)
  ]),

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
  leftOut: new Set([delimiter, filler]),
  parameterSets: [vps, sps, pps],
  parameterSetId,
  sps,
  readSps: nal => readH265Sps(nal).format,
  delimiter: Buffer.from([0, 0, 0, 1, 0x46, 0x01, 0x50])
}

/** A sub-layer non-reference picture, table 7-1; those of a higher sub-layer may refer to one that is not in the highest. */
function isDisposable (head: Buffer, topLayer: number): boolean {
  const temporalId = ((head[1] ?? 0) & 7) - 1
  return h265NalType(head) < firstKey && h265NalType(head) % 2 === 0 && temporalId >= topLayer
}

/** recovery_poc_cnt, section D.2.8: pictures, or more where the count goes up in larger steps. */
function recoversAfter (nal: Buffer): number | undefined {
  const bits = h265NalType(nal) === prefixSei ? recoveryPointIn(nal, 2) : undefined
  if (!bits) return undefined
  const count = bits.signed()
  return bits.broken ? Infinity : Math.max(0, count)
}

function parameterSetId (nal: Buffer, type: number): number {
  switch (type) {
    case vps: return new BitReader(nal, 2).bits(4)
    case sps: return readH265Sps(nal).id
    default: return new BitReader(nal, 2).unsigned()
  }
}
