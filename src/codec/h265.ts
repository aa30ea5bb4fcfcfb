import type { PictureRules } from './annex-b.js'

/** NAL unit types that matter outside a decoder, H.265 table 7-1. Pictures of types 16 to 21 need no other picture. */
export const h265NalTypes = {
  firstReserved: 10, firstKey: 16, cra: 21, lastKey: 21, vps: 32, sps: 33, pps: 34, delimiter: 35, filler: 38, prefixSei: 39, suffixSei: 40
} as const

export const h265NalType = (nal: Buffer): number => ((nal[0] ?? 0) >> 1) & 0x3f

export const isH265Slice = (nal: Buffer): boolean => h265NalType(nal) < h265NalTypes.firstReserved || isH265Key(nal)

export const isH265Key = (nal: Buffer): boolean =>
  h265NalType(nal) >= h265NalTypes.firstKey && h265NalType(nal) <= h265NalTypes.lastKey

/** Whether this NAL unit begins a new picture, section 7.4.2.4.4: it is the first slice, or of a type that precedes the slices. */
export function beginsH265Picture (nal: Buffer): boolean {
  const type = h265NalType(nal)
  if (isH265Slice(nal)) return ((nal[2] ?? 0) & 0x80) !== 0 // first_slice_segment_in_pic_flag
  return (type >= h265NalTypes.vps && type <= h265NalTypes.delimiter) || type === h265NalTypes.prefixSei
}

export const h265PictureRules: PictureRules = { isSlice: isH265Slice, beginsPicture: beginsH265Picture }

/** Whether decoders must ignore it: its type is reserved or unspecified, or it is not of the base layer. */
export function isForeignH265 (nal: Buffer): boolean {
  const isKnown = isH265Slice(nal) || (h265NalType(nal) >= h265NalTypes.vps && h265NalType(nal) <= h265NalTypes.suffixSei)
  return !isKnown || ((nal[0] ?? 0) & 1) !== 0 || (nal[1] ?? 0) >> 3 !== 0
}

const fu = 49

/**
 * RTP payloads of one NAL unit, RFC 7798: the NAL unit itself if it fits (section 4.4.1), otherwise fragmentation units (section 4.4.3).
 * @param maxBytes of one payload, at least 4
 */
export function packetizeH265Nal (nal: Buffer, maxBytes: number): Buffer[] {
  if (nal.length <= maxBytes) return [nal]
  const header = [(nal.readUInt8(0) & 0x81) | (fu << 1), nal.readUInt8(1)]
  const payloads: Buffer[] = []
  for (let at = 2; at < nal.length; at += maxBytes - 3) {
    const part = nal.subarray(at, at + maxBytes - 3)
    const starts = at === 2 ? 0x80 : 0
    const ends = at + part.length === nal.length ? 0x40 : 0
    payloads.push(Buffer.concat([Buffer.from([...header, starts | ends | h265NalType(nal)]), part]))
  }
  return payloads
}

const aggregation = 48

/** One RTP payload of several NAL units, RFC 7798 section 4.4.2, all of the base layer. */
export function aggregateH265Nals (nals: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([aggregation << 1, 1]), ...nals.flatMap(nal => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal])])
}
