import { CamgateError } from '../errors.js'
import { MAX_PICTURE_BYTES, checkSize } from '../picture-size.js'
import { JpegHead } from './head.js'
import { EOI, HEADER_START_BYTES, SOI, SOI_BYTES, SOS, belongsToScan, carriesSize, mayBeHeader } from './markers.js'
import { nextMarker } from './scan.js'

/** Limits the bytes between a picture's segments that belong to no segment. Some cameras send 608. */
const MAX_STRAY_BYTES = 65_536

/** A whole JPEG, in pieces that are views of the chunks it came in. */
export interface SplitJpeg {
  readonly pieces: readonly Buffer[]
  readonly length: number
  /** It has no Huffman tables. Its first piece is then the SOI marker. */
  readonly bare?: true
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** A picture without an EOI. Its scan includes everything up to the next SOI or the end of the stream. */
export interface UnendedJpeg extends Pick<SplitJpeg, 'width' | 'height' | 'bare'> {
  readonly bytes: Buffer
  /** The position after its last header. */
  readonly scanAt: number
}

/**
 * Splits a stream of JPEGs into whole pictures (ITU-T T.81, annex B). It skips segments by their lengths, so that an EOI in an APPn segment
 * or a thumbnail does not end the picture, and searches entropy-coded data natively for the next marker. After the last scan, only a plausible
 * frame or scan header counts as one: some cameras forget to stuff their 0xFF.
 * Drops bytes outside of pictures, and pictures that are truncated or malformed.
 */
export class JpegSplitter {
  readonly #onJpeg: (jpeg: SplitJpeg, end: number) => void
  readonly #maxBytes: number
  readonly #onUnended: ((jpeg: UnendedJpeg, end: number) => void) | undefined
  /** `suspect`: in a header that may be scan data; `again`: after an SOI that may be scan data. */
  #phase: 'seek' | 'marker' | 'length' | 'segment' | 'scan' | 'suspect' | 'again' = 'seek'
  /** Whether the last byte was 0xFF, the first half of a marker. */
  #half = false
  #marker = 0
  /** Bytes of the segment so far, and in all. Both include the two bytes of its length. */
  #seen = 0
  #segmentLength = 0
  /** The first bytes of a suspected header. */
  #header: number[] = []
  // The current picture: its bytes from earlier chunks, and where it begins in this one.
  #head = new JpegHead()
  #stray = 0
  #pieces: Buffer[] = []
  #held = 0
  #start = 0
  #scanAt = 0

  /** `end` is the position after the picture, in the chunk that completed it. The splitter drops an unended picture; `onUnended` may still use it. */
  constructor (onJpeg: (jpeg: SplitJpeg, end: number) => void, maxBytes = MAX_PICTURE_BYTES, onUnended?: (jpeg: UnendedJpeg, end: number) => void) {
    this.#onJpeg = onJpeg
    this.#maxBytes = maxBytes
    this.#onUnended = onUnended
  }

  /**
   * Accepts the next bytes, cut anywhere, and calls back for each picture that they complete. Keeps the chunk instead of copying it.
   * @throws {CamgateError} FRAME_TOO_LARGE or PICTURE_TOO_LARGE: a picture has too many bytes or pixels. The splitter then seeks the next one.
   */
  push (chunk: Buffer): void {
    this.#start = 0
    for (let at = 0; at < chunk.length;) {
      at = this.#step(chunk, at)
      if (this.#phase !== 'seek' && this.#held + at - this.#start > this.#maxBytes) {
        this.#drop(at)
        throw new CamgateError('FRAME_TOO_LARGE', `the camera sent a picture of more than ${this.#maxBytes} bytes`)
      }
    }
    if (this.#phase !== 'seek' && this.#start < chunk.length) {
      this.#pieces.push(chunk.subarray(this.#start))
      this.#held += chunk.length - this.#start
    }
  }

  /** Call it at the end of the stream. */
  end (): void {
    this.#start = 0
    const isInHeader = this.#phase === 'length' || this.#phase === 'segment'
    if (this.#head.scans > 0 && !isInHeader) this.#unended(Buffer.concat(this.#pieces), 0)
    this.#drop(0)
  }

  /** Consumes bytes or changes the phase; returns the position of the next byte. */
  #step (chunk: Buffer, at: number): number {
    switch (this.#phase) {
      case 'seek':
      case 'scan': {
        if (this.#half) return this.#afterHalf(chunk[at]!, chunk, at + 1)
        const found = nextMarker(chunk, at)
        this.#half = found >= 0
        return this.#half ? found + 1 : chunk.length
      }
      case 'marker':
        return this.#half ? this.#afterHalf(chunk[at]!, chunk, at + 1) : this.#seekMarker(chunk, at)
      case 'again':
        if (chunk[at] !== 0xff) return this.#backToScan(at)
        this.#unended(Buffer.concat([...this.#pieces, chunk.subarray(this.#start, at)]).subarray(0, -SOI_BYTES.length), at - SOI_BYTES.length)
        return this.#begin(at)
      case 'suspect':
        return this.#suspect(chunk[at]!, at)
      case 'length':
        this.#segmentLength = this.#segmentLength << 8 | chunk[at]!
        this.#seen++
        if (this.#seen === 2) {
          if (this.#segmentLength < 2 || !this.#head.begin(this.#marker)) return this.#drop(at + 1)
          this.#enterSegment(at + 1)
        }
        return at + 1
      case 'segment':
        return this.#walkSegment(chunk, at)
    }
  }

  /** Decides by the byte after a 0xFF. Any number of 0xFF may precede a marker. */
  #afterHalf (byte: number, chunk: Buffer, at: number): number {
    if (byte === 0xff) return at
    this.#half = false
    if (byte === SOI && this.#phase !== 'scan') return this.#begin(at)
    if (this.#phase === 'seek') return at
    if (byte === SOI) {
      this.#phase = 'again'
    } else if (this.#head.scans > 0 && byte === EOI) {
      this.#finish(chunk, at)
    } else if (belongsToScan(byte)) {
      if (this.#head.scans > 0) this.#phase = 'scan'
    } else if (byte === EOI) {
      return this.#drop(at)
    } else {
      const last = this.#phase === 'scan' && this.#head.complete
      if (!last || byte === SOS || carriesSize(byte)) this.#phase = last ? 'suspect' : 'length'
      this.#marker = byte
      this.#seen = this.#segmentLength = 0
      this.#header = []
    }
    return at
  }

  /** Skips stray bytes in front of a segment, as decoders do. */
  #seekMarker (chunk: Buffer, at: number): number {
    const found = chunk.indexOf(0xff, at)
    const end = found >= 0 ? found : chunk.length
    this.#stray += end - at
    if (this.#stray > MAX_STRAY_BYTES) return this.#drop(end)
    this.#half = found >= 0
    return this.#half ? end + 1 : end
  }

  /** Decides between a frame or scan header and unstuffed data. In the latter case, the scan continues with this byte. */
  #suspect (byte: number, at: number): number {
    this.#header.push(byte)
    if (!mayBeHeader(this.#marker, this.#header)) return this.#backToScan(at)
    if (this.#header.length < HEADER_START_BYTES) return at + 1
    if (!this.#head.begin(this.#marker)) return this.#drop(at)
    this.#segmentLength = this.#header[1]!
    this.#seen = HEADER_START_BYTES - 1
    this.#phase = 'segment'
    return at
  }

  #backToScan (at: number): number {
    this.#phase = 'scan'
    return at
  }

  #enterSegment (at: number): void {
    this.#phase = 'segment'
    if (this.#segmentLength === 2) this.#leaveSegment(at)
  }

  #leaveSegment (at: number): void {
    this.#scanAt = this.#held + at - this.#start
    this.#phase = this.#marker === SOS ? 'scan' : 'marker'
  }

  #walkSegment (chunk: Buffer, at: number): number {
    const taken = this.#head.take(this.#marker, this.#seen, chunk[at]!) ? 1 : Math.min(chunk.length - at, this.#segmentLength - this.#seen)
    this.#seen += taken
    if (this.#seen === this.#segmentLength) this.#leaveSegment(at + taken)
    return at + taken
  }

  /** Begins a picture after its SOI, and drops an unfinished one. */
  #begin (at: number): number {
    this.#drop(at)
    this.#phase = 'marker'
    this.#pieces = [SOI_BYTES]
    this.#held = SOI_BYTES.length
    return at
  }

  #finish (chunk: Buffer, at: number): void {
    this.#pieces.push(chunk.subarray(this.#start, at))
    const jpeg = { pieces: this.#pieces, length: this.#held + at - this.#start, ...this.#about }
    this.#drop(at)
    checkSize(jpeg)
    this.#onJpeg(jpeg, at)
  }

  #unended (bytes: Buffer, end: number): void {
    this.#onUnended?.({ bytes, scanAt: this.#scanAt, ...this.#about }, end)
  }

  get #about (): Pick<SplitJpeg, 'width' | 'height' | 'bare'> {
    const { width, height, bare } = this.#head
    return { width, height, ...bare && { bare } }
  }

  #drop (at: number): number {
    this.#phase = 'seek'
    this.#half = false
    this.#head = new JpegHead()
    this.#pieces = []
    this.#held = 0
    this.#start = at
    this.#stray = 0
    return at
  }
}
