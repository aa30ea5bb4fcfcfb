/** The second bytes of markers, ITU-T T.81, table B.1. */
export const SOI = 0xd8
export const EOI = 0xd9
export const SOS = 0xda
export const DHT = 0xc4

export const SOI_BYTES = Buffer.from([0xff, SOI])
export const EOI_BYTES = Buffer.from([0xff, EOI])

/** SOF0 to SOF15 carry the picture's size; 0xC4, 0xC8 and 0xCC are not among them. SOF55 is JPEG-LS's. */
export const carriesSize = (marker: number): boolean => (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7
/** SOF2, 6, 10 and 14. */
export const isProgressive = (marker: number): boolean => carriesSize(marker) && (marker & 3) === 2
/** Whether a 0xFF with this byte after it is part of a scan: a stuffed zero, or RST0 to RST7. */
export const belongsToScan = (byte: number): boolean => byte === 0 || (byte >= 0xd0 && byte <= 0xd7)

/** Number of bytes after a SOS or SOFn marker that distinguish a header from scan data: the length, and one more. None of them is 0xFF. */
export const HEADER_START_BYTES = 3

/** Whether the first of these bytes may begin a header. With n components, 1 to 4, SOS has 6 + 2n bytes and then n, SOFn has 8 + 3n and then 2 to 16 bits per sample; decoders reject anything else. */
export function mayBeHeader (marker: number, [high, low, third]: readonly number[]): boolean {
  if (high !== 0) return false
  if (low === undefined) return true
  const components = marker === SOS ? (low - 6) / 2 : (low - 8) / 3
  if (![1, 2, 3, 4].includes(components)) return false
  return third === undefined || (marker === SOS ? third === components : third >= 2 && third <= 16)
}
