/** NAL unit types that matter outside a decoder, H.264 table 7-1. */
export const nalTypes = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12, subsetSps: 15 } as const
const fuA = 28

export const nalType = (nal: Buffer): number => (nal[0] ?? 0) & 0x1f

/** The NAL units of an Annex B byte stream, without start codes, as views of it. */
export function splitNalUnits (stream: Buffer): Buffer[] {
  const units: Buffer[] = []
  const startCode = Buffer.from([0, 0, 1])
  let start = stream.indexOf(startCode)
  while (start !== -1) {
    const next = stream.indexOf(startCode, start + 3)
    let end = next === -1 ? stream.length : next
    while (end > start + 3 && stream[end - 1] === 0) end-- // zeros belong to the next start code or trail
    if (end > start + 3) units.push(stream.subarray(start + 3, end))
    start = next
  }
  return units
}

/** Where pictures begin, and which NAL units are their slices, by a codec's standard. */
export interface PictureRules { isSlice (nal: Buffer): boolean, beginsPicture (nal: Buffer): boolean }

/** Groups NAL units into pictures: section 7.4.1.2.3, for one coded picture per access unit. */
export function accessUnits (nals: Iterable<Buffer>, { isSlice, beginsPicture }: PictureRules = h264Rules): Buffer[][] {
  const units: Buffer[][] = []
  let unit: Buffer[] = []
  let hasSlice = false
  for (const nal of nals) {
    if (hasSlice && beginsPicture(nal)) {
      units.push(unit)
      unit = []
      hasSlice = false
    }
    unit.push(nal)
    hasSlice ||= isSlice(nal)
  }
  if (hasSlice) units.push(unit)
  return units
}

export const isKeyPicture = (unit: readonly Buffer[]): boolean => unit.some(nal => nalType(nal) === nalTypes.idr)

export const isSlice = (nal: Buffer): boolean => nalType(nal) >= nalTypes.slice && nalType(nal) <= nalTypes.idr

/** Whether a new picture begins with this NAL unit: one that comes before slices, or a picture's first slice. */
export function beginsPicture (nal: Buffer): boolean {
  const type = nalType(nal)
  if (isSlice(nal)) return ((nal[1] ?? 0) & 0x80) !== 0 // first_mb_in_slice is 0, which ue(v) writes as one set bit
  // Not 14: a scalable stream has one in front of every slice.
  return (type >= nalTypes.sei && type <= nalTypes.delimiter) || type === nalTypes.subsetSps
}

const h264Rules: PictureRules = { isSlice, beginsPicture }

/**
 * RTP payloads of one NAL unit, RFC 6184: itself when it fits (section 5.6), else FU-A (section 5.8).
 * @param maxBytes of one payload, at least 3
 */
export function packetizeNal (nal: Buffer, maxBytes: number): Buffer[] {
  if (nal.length <= maxBytes) return [nal]
  const indicator = (nal.readUInt8(0) & 0xe0) | fuA
  const type = nalType(nal)
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

/** One RTP payload of several NAL units, RFC 6184 section 5.7.1: STAP-A, with the highest importance among them. */
export function aggregateNals (nals: readonly Buffer[]): Buffer {
  const importance = Math.max(...nals.map(nal => nal.readUInt8(0) & 0x60))
  return Buffer.concat([Buffer.from([importance | stapA]), ...nals.flatMap(nal => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal])])
}
