import { EOI, HEADER_START, SOI, SOS, belongsToScan, carriesSize, mayBeHeader } from './markers.js'

/** The place of the first 0xFF from here on that neither is stuffed nor begins a restart marker; -1 if there is none. */
export function nextMarker (bytes: Buffer, from: number): number {
  let found = bytes.indexOf(0xff, from)
  // One byte in 35 is 0xFF, and nearly all of these are stuffed.
  while (found >= 0 && found + 1 < bytes.length && belongsToScan(bytes[found + 1]!)) found = bytes.indexOf(0xff, found + 2)
  return found
}

/**
 * Where the only scan of a JPEG ends that begins here: at its EOI, or with the bytes. Undefined if another picture, frame or scan begins in it:
 * decoders differ in which of two frame headers they believe. Any other 0xFF is data that a camera forgot to stuff.
 */
export function endOfOnlyScan (bytes: Buffer, from: number): number | undefined {
  for (let at = nextMarker(bytes, from); at >= 0; at = nextMarker(bytes, at + 1)) {
    const marker = bytes[at + 1]
    if (marker === EOI) return at
    if (marker === SOI && (bytes[at + 2] ?? 0xff) === 0xff) return undefined
    if (marker !== undefined && (marker === SOS || carriesSize(marker)) && isHeader(marker, bytes.subarray(at + 2, at + 2 + HEADER_START))) return undefined
  }
  return bytes.length
}

const isHeader = (marker: number, start: Buffer): boolean => start.length === HEADER_START && mayBeHeader(marker, [...start])
