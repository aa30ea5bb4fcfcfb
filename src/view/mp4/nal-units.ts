/** The NAL units of an Annex B byte stream, without start codes, as views of it. */
export function splitNalUnits (stream: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = []
  let start = -1
  for (let at = startCode(stream, 0); at !== -1; at = startCode(stream, start)) {
    if (start !== -1) push(at)
    start = at + 3
  }
  if (start !== -1) push(stream.length)
  return units

  function push (end: number): void {
    while (end > start && stream[end - 1] === 0) end-- // trailing zeros, or those of a longer start code
    if (end > start) units.push(stream.subarray(start, end))
  }
}

/** Where the next 00 00 01 begins; -1 if there is none. A third byte above 1 cannot be in a start code, so three bytes are skipped at once. */
function startCode (stream: Uint8Array, from: number): number {
  for (let at = from; at + 2 < stream.length;) {
    const third = stream[at + 2]!
    if (third > 1) at += 3
    else if (third === 1 && stream[at] === 0 && stream[at + 1] === 0) return at
    else at++
  }
  return -1
}

/** Writes the NAL units into `into` from `at` on, each after its length in four bytes, as MP4 stores them. */
export function writeLengthPrefixed (nals: readonly Uint8Array[], into: Uint8Array, at: number): void {
  const view = new DataView(into.buffer, into.byteOffset)
  for (const nal of nals) {
    view.setUint32(at, nal.length)
    into.set(nal, at + 4)
    at += 4 + nal.length
  }
}

export const lengthPrefixedBytes = (nals: readonly Uint8Array[]): number => nals.reduce((sum, nal) => sum + 4 + nal.length, 0)
