import { DHT, SOS, carriesSize, isProgressive } from './markers.js'

/** A progressive JPEG has about ten. Each scan, however short, makes a decoder walk the whole picture: a few MB of them would keep it busy for hours. */
const MAX_SCANS = 64

/** What the segments of a JPEG have revealed so far. */
export class JpegHead {
  width = 0
  height = 0
  /** Whether it has no Huffman tables. */
  bare = true
  scans = 0
  /** Whether the current scan is the last one. */
  complete = false
  #framed = false
  #progressive = false
  #components = 0

  /** Begins a segment; returns whether it is allowed here. Decoders disagree about which of two frame headers counts, and cannot show a scan without a size. */
  begin (marker: number): boolean {
    if (marker === DHT) this.bare = false
    if (marker === SOS) return this.width > 0 && this.height > 0 && ++this.scans <= MAX_SCANS
    if (!carriesSize(marker)) return true
    const first = !this.#framed
    this.#framed = true
    this.#progressive = isProgressive(marker)
    return first
  }

  /**
   * Reads the byte at this offset in a segment, counted from the first byte of its length. Returns false if it needs neither this byte nor any after it.
   * From offset 2, SOFn has precision (1 byte), height (2), width (2) and the number of components; SOS begins with that number.
   */
  take (marker: number, offset: number, byte: number): boolean {
    if (marker === SOS && offset === 2) this.complete = !this.#progressive && byte >= this.#components
    else if (!carriesSize(marker) || offset > 7) return false
    else if (offset === 3 || offset === 4) this.height = (this.height << 8 | byte) & 0xffff
    else if (offset === 5 || offset === 6) this.width = (this.width << 8 | byte) & 0xffff
    else if (offset === 7) this.#components = byte
    return true
  }
}
