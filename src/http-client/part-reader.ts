import { withTables } from '../jpeg/huffman.js'
import { EOI_BYTES, SOI_BYTES } from '../jpeg/markers.js'
import { JpegSplitter, type SplitJpeg, type UnendedJpeg } from '../jpeg/splitter.js'
import { checkSize } from '../picture-size.js'

/** How many bytes between two pictures are searched for a boundary and part headers. */
const MAX_PART_HEADER_BYTES = 2_048

export interface Part {
  /** A whole JPEG, with its Huffman tables. */
  readonly bytes: Buffer
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** The state of another camgate's camera, if the picture is a status frame. */
  readonly state: string | undefined
  /** Whether another camgate marked it as damaged. */
  readonly damaged: boolean
}

/** A boundary and the headers between it and a picture, or the boundary that ends a body. */
const DELIMITER = /(?:\r?\n)?--[^\r\n]{1,200}\r?\n(?:(?:[\w-]+:[^\r\n]*)?\r?\n)*$/

/**
 * Finds the pictures in an HTTP body, which may be cut anywhere. It parses each JPEG to its end instead of trusting boundaries and Content-Length, so
 * a picture is complete at its own last byte. Cameras write boundaries other than the one they announce (legege/node-mjpeg-proxy pull 5,
 * scottlamb/multipart-stream-rs pull 2), omit the first one (arendst/Tasmota issue 12376), and miscount bytes. Part headers matter in three cases: for what they
 * state about the picture, for a picture without an EOI (espressif/esp32-camera issues 162, 483), and for a part with a second JPEG (a phone's preview, MPF).
 */
export class PartReader {
  /** Bytes and pictures so far. */
  bytes = 0
  pictures = 0
  readonly #onPart: (part: Part) => void
  readonly #splitter: JpegSplitter
  readonly #length: number | undefined
  /** The first bytes after the last picture, and their position in the body. */
  #between: Buffer[] = []
  #betweenBytes = 0
  #betweenAt = 0
  #chunk: Buffer = Buffer.alloc(0)
  #chunkAt = 0
  /** The last picture's size, and the end of its part if its headers give one. */
  #last: { readonly width: number, readonly height: number, readonly partEnd: number } | undefined
  /** Whether this camera's pictures end with an EOI. */
  #ends = false

  /** `length` is the size of a body with a single picture, in bytes, if its head gives it. */
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
    this.#chunkAt = 0
    this.#splitter.push(chunk)
    this.#keep(chunk.subarray(this.#chunkAt))
    this.bytes += chunk.length
  }

  /** Call it when the body has ended as its head announced. */
  end (): void {
    this.#chunk = Buffer.alloc(0)
    this.#chunkAt = 0
    this.#splitter.end()
  }

  /** The type of the part after the last picture, if it is not a JPEG. */
  get otherType (): string | undefined {
    const type = last(Buffer.concat(this.#between).toString('latin1'), /^content-type:[ \t]*([\w.+-]{1,40}\/[\w.+-]{1,40})(?=[\s;])/gim)
    return type === undefined || /jpe?g$/i.test(type) ? undefined : type
  }

  /** Whether the last bytes are the boundary that ends a body. Some cameras also write it between pictures. */
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

  /** Whether this JPEG belongs to the picture before it: no boundary lies between them, and the part has not ended, or the sizes differ. */
  #isSecond ({ width, height }: Pick<Part, 'width' | 'height'>, headers: string, began: number): boolean {
    if (!this.#last || /^--|^content-/im.test(headers)) return false
    return began < this.#last.partEnd || width !== this.#last.width || height !== this.#last.height
  }

  /** Ends a picture without an EOI at the end of its part. If the part's length is unknown and the camera's other pictures have an EOI, this one is truncated. */
  #close ({ bytes, scanAt, ...about }: UnendedJpeg, end: number): void {
    const headers = this.#headersOf(bytes.length, end)
    const [tail = ''] = DELIMITER.exec(bytes.toString('latin1', Math.max(0, bytes.length - MAX_PART_HEADER_BYTES))) ?? []
    const length = bytes.length - tail.length
    const announced = this.#lengthOf(headers)
    const began = this.bytes + end - bytes.length
    this.#keep(Buffer.from(tail, 'latin1'))
    this.#betweenAt -= tail.length
    if (length < scanAt) return // it ends within a header, which the splitter took to go on in the next part
    if (announced === undefined ? tail === '' || this.#ends : announced !== length) return
    checkSize(about)
    this.#emit({ ...about, pieces: [SOI_BYTES, bytes.subarray(SOI_BYTES.length, length), EOI_BYTES], length: length + EOI_BYTES.length }, headers, began)
  }

  #lengthOf (headers: string): number | undefined {
    const announced = last(headers, /^content-length:[ \t]*(\d{1,9})[ \t]*\r?$/gim)
    return announced === undefined ? this.#length : Number(announced)
  }

  #headersOf (length: number, end: number): string {
    const began = this.bytes + end - length
    this.#keep(this.#chunk.subarray(this.#chunkAt, Math.max(this.#chunkAt, end - length)))
    const headers = Buffer.concat(this.#between).toString('latin1', 0, Math.max(0, began - this.#betweenAt))
    this.#between = []
    this.#betweenBytes = 0
    this.#betweenAt = this.bytes + end
    this.#chunkAt = Math.max(0, end)
    return headers
  }

  #keep (bytes: Buffer): void {
    const kept = Buffer.from(bytes.subarray(0, MAX_PART_HEADER_BYTES - this.#betweenBytes)) // a copy: a view would hold the whole chunk
    this.#betweenBytes += kept.length
    if (kept.length > 0) this.#between.push(kept)
  }
}

const last = (text: string, pattern: RegExp): string | undefined => [...text.matchAll(pattern)].at(-1)?.[1]
