import type { PictureRules } from './annex-b.js'

/** NAL unit types that matter outside a decoder, H.264 table 7-1. */
export const h264NalTypes = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12, subsetSps: 15 } as const
const fuA = 28

export const h264NalType = (nal: Buffer): number => (nal[0] ?? 0) & 0x1f

export const isH264KeyPicture = (unit: readonly Buffer[]): boolean => unit.some(nal => h264NalType(nal) === h264NalTypes.idr)

export const isH264Slice = (nal: Buffer): boolean => h264NalType(nal) >= h264NalTypes.slice && h264NalType(nal) <= h264NalTypes.idr

/** Whether this NAL unit begins a new picture: it is the first slice, or of a type that precedes the slices. */
export function beginsH264Picture (nal: Buffer): boolean {
  const type = h264NalType(nal)
  if (isH264Slice(nal)) return ((nal[1] ?? 0) & 0x80) !== 0 // first_mb_in_slice is 0, which ue(v) writes as one set bit
  // Type 14 does not count: a scalable stream has one in front of every slice.
  return (type >= h264NalTypes.sei && type <= h264NalTypes.delimiter) || type === h264NalTypes.subsetSps
}

export const h264PictureRules: PictureRules = { isSlice: isH264Slice, beginsPicture: beginsH264Picture }

/**
 * RTP payloads of one NAL unit, RFC 6184: the NAL unit itself if it fits (section 5.6), otherwise FU-A (section 5.8).
 * @param maxBytes of one payload, at least 3
 */
export function packetizeH264Nal (nal: Buffer, maxBytes: number): Buffer[] {
  if (nal.length <= maxBytes) return [nal]
  const indicator = (nal.readUInt8(0) & 0xe0) | fuA
  const type = h264NalType(nal)
  const payloads: Buffer[] = []
  for (let at = 1; at < nal.length; at += maxBytes - 2) {
    const part = nal.subarray(at, at + maxBytes - 2)
    const starts = at === 1 ? 0x80 : 0
    const ends = at + part.length === nal.length ? 0x40 : 0
    payloads.push(Buffer.concat([Buffer.from([indicator, starts | ends | type]), part]))
  }
  return payloads
}

const stapA = 24

/** One RTP payload of several NAL units, RFC 6184 section 5.7.1: STAP-A, with the highest nal_ref_idc among them. */
export function aggregateH264Nals (nals: readonly Buffer[]): Buffer {
  const highestRefIdc = Math.max(...nals.map(nal => nal.readUInt8(0) & 0x60))
  return Buffer.concat([Buffer.from([highestRefIdc | stapA]), ...nals.flatMap(nal => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal])])
}
