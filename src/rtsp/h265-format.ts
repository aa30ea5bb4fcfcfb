import { BitReader } from './bits.js'
import { readH265Sps } from './h265-sps.js'
import { beginsH265Picture, h265NalType, h265NalTypes, isH265Key, isH265Slice } from './h265.js'
import type { NalPayloadFormat } from './nal-format.js'

const { vps, sps, pps, delimiter, filler } = h265NalTypes

/** RFC 7798 without DONL fields: single NAL units, aggregation packets, fragmentation units. */
export const h265Format: NalPayloadFormat = {
  name: 'H.265',
  headerBytes: 2,
  firstSingle: 0,
  aggregate: 48,
  fragment: 49,
  interleaved: new Set(),
  fragmentHead: payload => Buffer.from([
    (payload.readUInt8(0) & 0x81) | ((payload.readUInt8(2) & 0x3f) << 1), payload.readUInt8(1), ...payload.subarray(3, 4)
  ]),

  type: h265NalType,
  isSlice: isH265Slice,
  beginsPicture: beginsH265Picture,
  isKey: isH265Key,
  announcesKey: () => false,
  leftOut: new Set([delimiter, filler]),
  parameterSets: [vps, sps, pps],
  parameterSetId,
  sps,
  readSps: nal => readH265Sps(nal).format,
  delimiter: Buffer.from([0, 0, 0, 1, 0x46, 0x01, 0x50])
}

function parameterSetId (nal: Buffer, type: number): number {
  switch (type) {
    case vps: return new BitReader(nal, 2).bits(4)
    case sps: return readH265Sps(nal).id
    default: return new BitReader(nal, 2).unsigned()
  }
}
