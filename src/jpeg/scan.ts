import { EOI, HEADER_START_BYTES, SOI, SOS, belongsToScan, carriesSize, mayBeHeader } from './markers.js'

/** The position of the first 0xFF from here that is neither stuffed nor part of a restart marker; -1 if there is none. */
export function nextMarker (bytes: Buffer, from: number): number {
  let found = bytes.indexOf(0xff, from)
  // One byte in 35 is 0xFF, and nearly all of these are stuffed.
  while (found >= 0 && found + 1 < bytes.length && belongsToScan(bytes[found + 1]!)) found = bytes.indexOf(0xff, found + 2)
  return found
}

/**
 * The end of a JPEG's only scan, which begins at `from`: its EOI, or the end of the bytes. Undefined if another picture, frame or scan begins inside
 * it, because decoders disagree about which of two frame headers counts. Any other 0xFF is data that the camera forgot to stuff.
 */
export function endOfOnlyScan (bytes: Buffer, from: number): number | undefined {
  for (let at = nextMarker(bytes, from); at >= 0; at = nextMarker(bytes, at + 1)) {
    const marker = bytes[at + 1]
    if (marker === EOI) return at
    if (marker === SOI && (bytes[at + 2] ?? 0xff) === 0xff) return undefined
    if (marker !== undefined && (marker === SOS || carriesSize(marker)) && isHeader(marker, bytes.subarray(at + 2, at + 2 + HEADER_START_BYTES))) return undefined
  }
  return bytes.length
}

const isHeader = (marker: number, start: Buffer): boolean => start.length === HEADER_START_BYTES && mayBeHeader(marker, [...start])
