import { DHT, SOS, carriesSize, isProgressive } from './markers.js'

/** A progressive JPEG has ten or so. Each costs a decoder a walk over the whole picture, whatever its length: a few MB would hold it for hours. */
const MOST_SCANS = 64

/** What the segments of one JPEG have said about it so far. */
export class JpegHead {
  width = 0
  height = 0
  /** Whether it has no Huffman tables of its own. */
  bare = true
  scans = 0
  /** Whether the scan at hand is the last one. */
  complete = false
  #framed = false
  #progressive = false
  #components = 0

  /** A segment begins; returns whether it may follow. Decoders differ in which of two frame headers they believe, and show nothing of a scan without a size. */
  begin (marker: number): boolean {
    if (marker === DHT) this.bare = false
    if (marker === SOS) return this.width > 0 && this.height > 0 && ++this.scans <= MOST_SCANS
    if (!carriesSize(marker)) return true
    const first = !this.#framed
    this.#framed = true
    this.#progressive = isProgressive(marker)
    return first
  }

  /**
   * Takes the byte at this place in a segment, counted from its length's first byte; returns false if nothing of interest is there or behind it.
   * From place 2 on, SOFn holds precision (1 byte), height (2), width (2) and a count of components, SOS such a count.
   */
  take (marker: number, place: number, byte: number): boolean {
    if (marker === SOS && place === 2) this.complete = !this.#progressive && byte >= this.#components
    else if (!carriesSize(marker) || place > 7) return false
    else if (place === 3 || place === 4) this.height = (this.height << 8 | byte) & 0xffff
    else if (place === 5 || place === 6) this.width = (this.width << 8 | byte) & 0xffff
    else if (place === 7) this.#components = byte
    return true
  }
}
