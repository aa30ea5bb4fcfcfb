import { CamgateError } from '../errors.js'
import { checkSize } from '../picture-size.js'
import type { SplitJpeg } from './frame.js'
import { DHT, EOI, HEADER_START, SOI, SOS, belongsToScan, carriesSize, isProgressive, mayBeHeader } from './jpeg-markers.js'

/** 8 MiB: a 4K picture at the best quality takes about half of it. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024

/** A progressive JPEG has ten or so. Each costs a decoder a walk over the whole picture, whatever its length: a few MB would hold it for hours. */
const MOST_SCANS = 64
/** Bytes that belong to nothing, in the head of a picture: cameras have been seen to put 608 there. */
const MOST_STRAY = 65_536
const SOI_BYTES = Buffer.from([0xff, SOI])

/** A picture without an EOI: its scan lasts up to the next SOI, or the end of the stream, and holds whatever stands between them. */
export interface UnendedJpeg { readonly bytes: Buffer, readonly width: number, readonly height: number }

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
  #width = 0
  #height = 0
  #framed = false
  #progressive = false
  #components = 0
  #scans = 0
  /** Whether the scan at hand is the last one. */
  #complete = false
  #stray = 0
  #bare = true
  /** The current picture's bytes that are behind us, and where its bytes begin in the chunk at hand. */
  #pieces: Buffer[] = []
  #held = 0
  #start = 0

  /** `end` is the position behind the picture in the chunk that completed it. `onUnended` may make something of a picture that is then dropped. */
  constructor (onJpeg: (jpeg: SplitJpeg, end: number) => void, maxFrameBytes = MAX_FRAME_BYTES, onUnended?: (jpeg: UnendedJpeg, end: number) => void) {
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
    if (this.#scans > 0) this.#onUnended?.({ bytes: Buffer.concat(this.#pieces), width: this.#width, height: this.#height }, 0)
    this.#drop(0)
  }

  /** Takes a byte or changes the phase; returns the position behind what it took. */
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
        return this.#half ? this.#afterHalf(chunk[at]!, chunk, at + 1) : this.#seekMarker(chunk, at)
      case 'again':
        if (chunk[at] !== 0xff) return this.#backToScan(at)
        this.#onUnended?.({ bytes: Buffer.concat([...this.#pieces, chunk.subarray(this.#start, at)]).subarray(0, -SOI_BYTES.length), width: this.#width, height: this.#height }, at - SOI_BYTES.length)
        return this.#begin(at)
      case 'suspect':
        return this.#suspect(chunk[at]!, at)
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
    if (byte === SOI && this.#phase !== 'scan') return this.#begin(at)
    if (this.#phase === 'seek') return at
    if (byte === SOI) {
      this.#phase = 'again'
    } else if (this.#scans > 0 && byte === EOI) {
      this.#finish(chunk, at)
    } else if (belongsToScan(byte)) {
      if (this.#scans > 0) this.#phase = 'scan'
    } else if (byte === EOI) {
      return this.#drop(at)
    } else {
      const last = this.#phase === 'scan' && this.#complete
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
    if (!this.#admits(this.#marker)) return this.#drop(at)
    this.#segmentLength = this.#header[1]!
    this.#seen = HEADER_START - 1
    this.#phase = 'segment'
    return at
  }

  #backToScan (at: number): number {
    this.#phase = 'scan'
    return at
  }

  /** Whether this segment may follow. Decoders differ in which of two frame headers they believe, and show nothing of a scan without a size. */
  #admits (marker: number): boolean {
    if (marker === SOS) return this.#width > 0 && this.#height > 0 && ++this.#scans <= MOST_SCANS
    if (!carriesSize(marker)) return true
    const first = !this.#framed
    this.#framed = true
    this.#progressive = isProgressive(marker)
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

  /** Behind the length, SOFn holds precision (1 byte), height (2), width (2) and a count of components, SOS such a count; all else is passed over at once. */
  #walkSegment (chunk: Buffer, at: number): number {
    let taken: number
    const byte = chunk[at]!
    if (this.#marker === SOS && this.#seen === 2) {
      this.#complete = !this.#progressive && byte >= this.#components
      taken = 1
    } else if (carriesSize(this.#marker) && this.#seen < 8) {
      if (this.#seen === 3 || this.#seen === 4) this.#height = (this.#height << 8 | byte) & 0xffff
      if (this.#seen === 5 || this.#seen === 6) this.#width = (this.#width << 8 | byte) & 0xffff
      if (this.#seen === 7) this.#components = byte
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
    this.#half = this.#framed = this.#progressive = this.#complete = false
    this.#bare = true
    this.#pieces = []
    this.#held = 0
    this.#start = at
    this.#width = this.#height = this.#components = this.#scans = this.#stray = 0
  }
}
