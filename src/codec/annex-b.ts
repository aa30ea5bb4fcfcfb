const startCode = Buffer.from([0, 0, 1])

/** Returns the NAL units of an Annex B byte stream, without start codes, as views of it. */
export function splitNalUnits (stream: Buffer): Buffer[] {
  const units: Buffer[] = []
  let start = stream.indexOf(startCode)
  while (start !== -1) {
    const next = stream.indexOf(startCode, start + 3)
    let end = next === -1 ? stream.length : next
    while (end > start + 3 && stream[end - 1] === 0) end-- // these zeros are trailing, or belong to the next start code
    if (end > start + 3) units.push(stream.subarray(start + 3, end))
    start = next
  }
  return units
}

/** Where the header of the first slice is in an Annex B byte stream; -1 if there is no slice. Does not read further than that. */
export function firstSliceAt (stream: Buffer, isSlice: (head: Buffer) => boolean): number {
  for (let at = stream.indexOf(startCode); at !== -1; at = stream.indexOf(startCode, at)) {
    at += 3
    if (isSlice(stream.subarray(at, at + 2))) return at
  }
  return -1
}

/** A codec's rules for picture boundaries and slices. */
export interface PictureRules { isSlice (nal: Buffer): boolean, beginsPicture (nal: Buffer): boolean }

/** Groups NAL units into pictures: H.264 section 7.4.1.2.3, H.265 section 7.4.2.4.4, for one coded picture per access unit. */
export function accessUnits (nals: Iterable<Buffer>, { isSlice, beginsPicture }: PictureRules): Buffer[][] {
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
