import { CamgateError } from '../errors.js'
import { MAX_PICTURE_BYTES, checkSize } from '../picture-size.js'
import { JpegHead } from './head.js'
import { EOI, HEADER_START, SOI, SOI_BYTES, SOS, belongsToScan, carriesSize, mayBeHeader } from './markers.js'
import { nextMarker } from './scan.js'

/** Bytes that belong to nothing, in the head of a picture: cameras have been seen to put 608 there. */
const MOST_STRAY = 65_536

/** A JPEG as the splitter found it: in pieces, not yet copied. */
export interface SplitJpeg {
  readonly pieces: readonly Buffer[]
  readonly length: number
  /** It has no Huffman tables of its own. The first piece is its SOI marker. */
  readonly bare?: true
  readonly width: number
  readonly height: number
}

/** A picture without an EOI: its scan lasts up to the next SOI, or the end of the stream, and holds whatever stands between them. */
export interface UnendedJpeg extends Pick<SplitJpeg, 'width' | 'height' | 'bare'> { readonly bytes: Buffer }

/**
 * Cuts a stream of JPEGs into whole pictures (ITU-T T.81, annex B). Headers are walked by their lengths, so an EOI inside an
 * APPn segment or a thumbnail is not taken for the end; entropy-coded data is searched natively for its next marker. Where no other scan
 * can follow, only what looks like a whole frame or scan header is one: cameras forget to stuff their 0xFF.
 * Bytes outside of a picture, and pictures that are cut short or malformed, are dropped and counted.
 */
export class JpegSplitter {
  /** Bytes dropped since the beginning. */
  discarded = 0

  readonly #onJpeg: (jpeg: SplitJpeg, end: number) => void
  readonly #maxFrameBytes: number
  readonly #onUnended: ((jpeg: UnendedJpeg, end: number) => void) | undefined
  /** `suspect`: in a header that may be data of the scan; `again`: behind an SOI that may be, too. */
  #phase: 'seek' | 'marker' | 'length' | 'segment' | 'scan' | 'suspect' | 'again' = 'seek'
  /** Whether the last byte was 0xFF, the first half of a marker. */
  #half = false
  #marker = 0
  /** How many of the segment's bytes were seen, and how many it has: both count its two length bytes. */
  #seen = 0
  #segmentLength = 0
  /** The first bytes of what may be a header. */
  #header: number[] = []
  /** Of the current picture. */
  #head = new JpegHead()
  #stray = 0
  /** The current picture's bytes that are behind us, and where its bytes begin in the chunk at hand. */
  #pieces: Buffer[] = []
  #held = 0
  #start = 0

  /** `end` is the position behind the picture in the chunk that completed it. `onUnended` may make something of a picture that is then dropped. */
  constructor (onJpeg: (jpeg: SplitJpeg, end: number) => void, maxFrameBytes = MAX_PICTURE_BYTES, onUnended?: (jpeg: UnendedJpeg, end: number) => void) {
    this.#onJpeg = onJpeg
    this.#maxFrameBytes = maxFrameBytes
    this.#onUnended = onUnended
  }

  /**
   * Takes the next bytes, cut anywhere, and calls back for each picture that they complete. The chunk is kept, not copied.
   * @throws {CamgateError} FRAME_TOO_LARGE or PICTURE_TOO_LARGE when a picture outgrows a bound, in bytes or pixels; the splitter then looks for the next one.
   */
  push (chunk: Buffer): void {
    this.#start = 0
    for (let at = 0; at < chunk.length;) {
      at = this.#step(chunk, at)
      if (this.#phase !== 'seek' && this.#held + at - this.#start > this.#maxFrameBytes) {
        this.#drop(at)
        throw new CamgateError('FRAME_TOO_LARGE', `the camera sent a picture of more than ${this.#maxFrameBytes} bytes`)
      }
    }
    if (this.#phase === 'seek') {
      this.discarded += chunk.length - this.#start
    } else if (this.#start < chunk.length) {
      this.#pieces.push(chunk.subarray(this.#start))
      this.#held += chunk.length - this.#start
    }
  }

  /** The stream is over. */
  end (): void {
    this.#start = 0
    const isInHeader = this.#phase === 'length' || this.#phase === 'segment'
    if (this.#head.scans > 0 && !isInHeader) this.#unended(Buffer.concat(this.#pieces), 0)
    this.#drop(0)
  }

  /** Takes a byte or changes the phase; returns the position behind what it took. */
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
          this.#enterSegment()
        }
        return at + 1
      case 'segment':
        return this.#walkSegment(chunk, at)
    }
  }

  /** The byte behind a 0xFF decides; any number of 0xFF may stand before a marker. */
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

  /** What stands before a segment and is none is passed over, as decoders do. */
  #seekMarker (chunk: Buffer, at: number): number {
    const found = chunk.indexOf(0xff, at)
    const end = found >= 0 ? found : chunk.length
    this.#stray += end - at
    if (this.#stray > MOST_STRAY) return this.#drop(end)
    this.#half = found >= 0
    return this.#half ? end + 1 : end
  }

  /** A frame or scan header, or data that were not stuffed: then the scan goes on with this byte. */
  #suspect (byte: number, at: number): number {
    this.#header.push(byte)
    if (!mayBeHeader(this.#marker, this.#header)) return this.#backToScan(at)
    if (this.#header.length < HEADER_START) return at + 1
    if (!this.#head.begin(this.#marker)) return this.#drop(at)
    this.#segmentLength = this.#header[1]!
    this.#seen = HEADER_START - 1
    this.#phase = 'segment'
    return at
  }

  #backToScan (at: number): number {
    this.#phase = 'scan'
    return at
  }

  #enterSegment (): void {
    this.#phase = 'segment'
    if (this.#segmentLength === 2) this.#leaveSegment()
  }

  #leaveSegment (): void {
    this.#phase = this.#marker === SOS ? 'scan' : 'marker'
  }

  #walkSegment (chunk: Buffer, at: number): number {
    const taken = this.#head.take(this.#marker, this.#seen, chunk[at]!) ? 1 : Math.min(chunk.length - at, this.#segmentLength - this.#seen)
    this.#seen += taken
    if (this.#seen === this.#segmentLength) this.#leaveSegment()
    return at + taken
  }

  /** A picture begins behind its SOI; one that was not finished is dropped. */
  #begin (at: number): number {
    this.#drop(at)
    this.discarded -= SOI_BYTES.length
    this.#phase = 'marker'
    this.#pieces = [SOI_BYTES]
    this.#held = SOI_BYTES.length
    return at
  }

  #finish (chunk: Buffer, at: number): void {
    this.#pieces.push(chunk.subarray(this.#start, at))
    const jpeg = { pieces: this.#pieces, length: this.#held + at - this.#start, ...this.#about }
    this.#forget(at)
    checkSize(jpeg)
    this.#onJpeg(jpeg, at)
  }

  #unended (bytes: Buffer, end: number): void {
    this.#onUnended?.({ bytes, ...this.#about }, end)
  }

  get #about (): Pick<SplitJpeg, 'width' | 'height' | 'bare'> {
    const { width, height, bare } = this.#head
    return { width, height, ...bare && { bare } }
  }

  #drop (at: number): number {
    this.discarded += this.#held + at - this.#start
    this.#forget(at)
    return at
  }

  #forget (at: number): void {
    this.#phase = 'seek'
    this.#half = false
    this.#head = new JpegHead()
    this.#pieces = []
    this.#held = 0
    this.#start = at
    this.#stray = 0
  }
}
