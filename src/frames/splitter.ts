import { CamgateError } from '../errors.js'
import { checkSize } from '../picture-size.js'
import type { SplitJpeg } from './frame.js'

/** 8 MiB: a 4K picture at the best quality takes about half of it. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024

/** A progressive JPEG has ten or so. Each costs a decoder a walk over the whole picture, whatever its length: a few MB would hold it for hours. */
const MOST_SCANS = 64
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const DHT = 0xc4
const SOI_BYTES = Buffer.from([0xff, SOI])

/** SOF0 to SOF15 carry the picture's size; 0xC4, 0xC8 and 0xCC in their midst are other things (ITU-T T.81, table B.1). SOF55 is JPEG-LS's. */
const carriesSize = (marker: number) => (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7
/** In entropy-coded data a stuffed zero and RST0 to RST7 do not end the scan. */
const belongsToScan = (byte: number) => byte === 0 || (byte >= 0xd0 && byte <= 0xd7)

/**
 * Cuts a stream of JPEGs into whole pictures (ITU-T T.81, annex B). Headers are walked by their lengths, so an EOI inside an
 * APPn segment or a thumbnail is not taken for the end; entropy-coded data is searched natively for its next marker.
 * Bytes outside of a picture, and pictures that are cut short or malformed, are dropped and counted.
 */
export class JpegSplitter {
  /** Bytes dropped since the beginning. */
  discarded = 0

  readonly #onJpeg: (jpeg: SplitJpeg, end: number) => void
  readonly #maxFrameBytes: number
  #phase: 'seek' | 'marker' | 'length' | 'segment' | 'scan' = 'seek'
  /** Whether the last byte was 0xFF, the first half of a marker. */
  #half = false
  #marker = 0
  /** How many of the segment's bytes were seen, and how many it has: both count its two length bytes. */
  #seen = 0
  #segmentLength = 0
  #width = 0
  #height = 0
  #framed = false
  #scans = 0
  #bare = true
  /** The current picture's bytes that are behind us, and where its bytes begin in the chunk at hand. */
  #pieces: Buffer[] = []
  #held = 0
  #start = 0

  /** `end` is the position behind the picture in the chunk that completed it. */
  constructor (onJpeg: (jpeg: SplitJpeg, end: number) => void, maxFrameBytes = MAX_FRAME_BYTES) {
    this.#onJpeg = onJpeg
    this.#maxFrameBytes = maxFrameBytes
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

  /** Takes at least one byte; returns the position behind what it took. */
  #step (chunk: Buffer, at: number): number {
    switch (this.#phase) {
      case 'seek':
      case 'scan': {
        if (this.#half) return this.#afterHalf(chunk[at]!, chunk, at + 1)
        let found = chunk.indexOf(0xff, at)
        // One byte in 35 is 0xFF, and nearly all of these are stuffed.
        while (found >= 0 && found + 1 < chunk.length && belongsToScan(chunk[found + 1]!)) found = chunk.indexOf(0xff, found + 2)
        this.#half = found >= 0
        return this.#half ? found + 1 : chunk.length
      }
      case 'marker':
        if (this.#half) return this.#afterHalf(chunk[at]!, chunk, at + 1)
        this.#half = chunk[at] === 0xff
        return this.#half ? at + 1 : this.#drop(at + 1)
      case 'length':
        this.#segmentLength = this.#segmentLength << 8 | chunk[at]!
        this.#seen++
        if (this.#seen === 2) {
          if (this.#segmentLength < 2 || !this.#admits(this.#marker)) return this.#drop(at + 1)
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
    if (byte === SOI) return this.#begin(at)
    if (this.#phase === 'seek') return at
    if (this.#scans > 0 && belongsToScan(byte)) {
      this.#phase = 'scan'
    } else if (this.#scans > 0 && byte === EOI) {
      this.#finish(chunk, at)
    } else if (belongsToScan(byte) || byte === EOI) {
      return this.#drop(at)
    } else {
      this.#phase = 'length'
      this.#marker = byte
      this.#seen = this.#segmentLength = 0
    }
    return at
  }

  /** Whether this segment may follow. Decoders differ in which of two frame headers they believe, and show nothing of a scan without a size. */
  #admits (marker: number): boolean {
    if (marker === SOS) return this.#width > 0 && this.#height > 0 && ++this.#scans <= MOST_SCANS
    if (!carriesSize(marker)) return true
    const first = !this.#framed
    this.#framed = true
    return first
  }

  #enterSegment (): void {
    this.#phase = 'segment'
    if (this.#marker === DHT) this.#bare = false
    if (this.#segmentLength === 2) this.#leaveSegment()
  }

  #leaveSegment (): void {
    this.#phase = this.#marker === SOS ? 'scan' : 'marker'
  }

  /** Behind the length, SOFn holds precision (1 byte), height (2) and width (2); all else is passed over at once. */
  #walkSegment (chunk: Buffer, at: number): number {
    let taken: number
    if (carriesSize(this.#marker) && this.#seen < 7) {
      const byte = chunk[at]!
      if (this.#seen === 3 || this.#seen === 4) this.#height = (this.#height << 8 | byte) & 0xffff
      if (this.#seen === 5 || this.#seen === 6) this.#width = (this.#width << 8 | byte) & 0xffff
      taken = 1
    } else {
      taken = Math.min(chunk.length - at, this.#segmentLength - this.#seen)
    }
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
    const jpeg = { pieces: this.#pieces, length: this.#held + at - this.#start, width: this.#width, height: this.#height, ...this.#bare && { bare: true as const } }
    this.#forget(at)
    checkSize(jpeg)
    this.#onJpeg(jpeg, at)
  }

  #drop (at: number): number {
    this.discarded += this.#held + at - this.#start
    this.#forget(at)
    return at
  }

  #forget (at: number): void {
    this.#phase = 'seek'
    this.#half = this.#framed = false
    this.#bare = true
    this.#pieces = []
    this.#held = 0
    this.#start = at
    this.#width = this.#height = this.#scans = 0
  }
}
