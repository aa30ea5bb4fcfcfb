import { withTables } from '../jpeg/huffman.js'
import { EOI_BYTES, SOI_BYTES } from '../jpeg/markers.js'
import { JpegSplitter, type SplitJpeg, type UnendedJpeg } from '../jpeg/splitter.js'
import { checkSize } from '../picture-size.js'

/** Of what stands between two pictures, so many bytes are looked at: the boundary and the headers of a part. */
const MOST_HEADERS = 2_048

export interface Part {
  /** A whole JPEG, with its Huffman tables. */
  readonly bytes: Buffer
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Where the picture is a camgate's status frame: the state of its camera there. */
  readonly state: string | undefined
  /** Whether it says so: another camgate does. */
  readonly damaged: boolean
}

/** A boundary with the headers that follow it up to a picture, or the one that ends a body. */
const DELIMITER = /(?:\r?\n)?--[^\r\n]{1,200}\r?\n(?:(?:[\w-]+:[^\r\n]*)?\r?\n)*$/

/**
 * The pictures of an HTTP body, cut anywhere. They are told from what is between them by walking each JPEG to its end, not by boundary and
 * Content-Length: a picture is whole, and goes out, with its own last byte; and cameras write boundaries that are not the announced one
 * (legege/node-mjpeg-proxy pull 5, scottlamb/multipart-stream-rs pull 2), leave the first one out (arendst/Tasmota issue 12376), and count
 * their bytes wrong. Part headers are looked at only for what they say of the picture, where a picture has no end of its own
 * (espressif/esp32-camera issues 162, 483), and where a second JPEG stands in the same part (a phone's preview, MPF).
 */
export class PartReader {
  /** Bytes and pictures that came. */
  bytes = 0
  pictures = 0
  readonly #onPart: (part: Part) => void
  readonly #splitter: JpegSplitter
  readonly #length: number | undefined
  /** The beginning of what stands behind the last picture, and where in the count of bytes it began. */
  #between: Buffer[] = []
  #betweenBytes = 0
  #betweenAt = 0
  #chunk: Buffer = Buffer.alloc(0)
  #behind = 0
  /** The last picture's size, and where its part ends, if its headers say so. */
  #last: { readonly width: number, readonly height: number, readonly partEnd: number } | undefined
  /** Whether this camera ends its pictures. */
  #ends = false

  /** `length` is that of a body that is one picture, in bytes, if its answer says so. */
  constructor (onPart: (part: Part) => void, length?: number) {
    this.#onPart = onPart
    this.#length = length
    this.#splitter = new JpegSplitter((jpeg, end) => {
      const headers = this.#headersOf(jpeg.length, end)
      const began = this.bytes + end - jpeg.length
      this.#ends = true
      if (!this.#isSecond(jpeg, headers, began)) this.#emit(jpeg, headers, began)
    }, undefined, (jpeg, end) => this.#close(jpeg, end))
  }

  /** @throws {CamgateError} FRAME_TOO_LARGE, PICTURE_TOO_LARGE */
  push (chunk: Buffer): void {
    this.#chunk = chunk
    this.#behind = 0
    this.#splitter.push(chunk)
    this.#keep(chunk.subarray(this.#behind))
    this.bytes += chunk.length
  }

  /** The body is over, where its head said it would be. */
  end (): void {
    this.#chunk = Buffer.alloc(0)
    this.#behind = 0
    this.#splitter.end()
  }

  /** What the part behind the last picture calls itself, where that is no JPEG. */
  get otherType (): string | undefined {
    const type = last(Buffer.concat(this.#between).toString('latin1'), /^content-type:[ \t]*([\w.+-]{1,40}\/[\w.+-]{1,40})(?=[\s;])/gim)
    return type === undefined || /jpe?g$/i.test(type) ? undefined : type
  }

  /** Whether what came last is the boundary that ends a body; some are written like that between pictures, too. */
  get looksOver (): boolean {
    return /(?:^|\n)--[^\r\n]{1,200}--\s*$/.test(Buffer.concat(this.#between).toString('latin1'))
  }

  #emit (jpeg: SplitJpeg, headers: string, began: number): void {
    const { pieces, length, width, height } = withTables(jpeg)
    this.#last = { width, height, partEnd: began + (this.#lengthOf(headers) ?? 0) }
    this.pictures++
    const state = last(headers, /^x-camera-state:[ \t]*([\w-]{1,20})/gim)
    this.#onPart({ bytes: Buffer.concat(pieces, length), width, height, state, damaged: /^x-damaged:[ \t]*1/im.test(headers) })
  }

  /** Whether this JPEG belongs to the picture before it: no boundary between them, and their part is not over, or it is of another size. */
  #isSecond ({ width, height }: Pick<Part, 'width' | 'height'>, headers: string, began: number): boolean {
    if (!this.#last || /^--|^content-/im.test(headers)) return false
    return began < this.#last.partEnd || width !== this.#last.width || height !== this.#last.height
  }

  /** Ends a picture that has no end of its own where its part does. Where nothing says how long that is, a camera that ends others has cut this one short. */
  #close ({ bytes, ...about }: UnendedJpeg, end: number): void {
    const headers = this.#headersOf(bytes.length, end)
    const [tail = ''] = DELIMITER.exec(bytes.toString('latin1', Math.max(0, bytes.length - MOST_HEADERS))) ?? []
    const length = bytes.length - tail.length
    const told = this.#lengthOf(headers)
    const began = this.bytes + end - bytes.length
    this.#keep(Buffer.from(tail, 'latin1'))
    this.#betweenAt -= tail.length
    if (told === undefined ? tail === '' || this.#ends : told !== length) return
    checkSize(about)
    this.#emit({ ...about, pieces: [SOI_BYTES, bytes.subarray(SOI_BYTES.length, length), EOI_BYTES], length: length + EOI_BYTES.length }, headers, began)
  }

  #lengthOf (headers: string): number | undefined {
    const told = last(headers, /^content-length:[ \t]*(\d{1,9})[ \t]*\r?$/gim)
    return told === undefined ? this.#length : Number(told)
  }

  #headersOf (length: number, end: number): string {
    const began = this.bytes + end - length
    this.#keep(this.#chunk.subarray(this.#behind, Math.max(this.#behind, end - length)))
    const headers = Buffer.concat(this.#between).toString('latin1', 0, Math.max(0, began - this.#betweenAt))
    this.#between = []
    this.#betweenBytes = 0
    this.#betweenAt = this.bytes + end
    this.#behind = Math.max(0, end)
    return headers
  }

  #keep (bytes: Buffer): void {
    const kept = Buffer.from(bytes.subarray(0, MOST_HEADERS - this.#betweenBytes)) // a copy: a view would hold the whole chunk
    this.#betweenBytes += kept.length
    if (kept.length > 0) this.#between.push(kept)
  }
}

const last = (text: string, pattern: RegExp): string | undefined => [...text.matchAll(pattern)].at(-1)?.[1]
