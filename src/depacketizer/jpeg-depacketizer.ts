import { CamgateError } from '../errors.js'
import { checkSize } from '../picture-size.js'
import type { PictureFormat } from '../codec/coded-picture.js'
import type { Depacketized, Depacketizer } from './depacketizer.js'
import { jpegHeader } from './jpeg-header.js'
import { EOI_BYTES } from '../jpeg/markers.js'
import { endOfOnlyScan } from '../jpeg/scan.js'
import { quantizationOf } from '../jpeg/tables.js'
import { readJpegExtension } from './onvif-jpeg.js'
import { PictureBuffer } from './picture-buffer.js'
import type { RtpPacket } from '../rtp/packet.js'
import type { ReceivedTrack } from '../codec/track.js'

type Tables = readonly [Buffer, Buffer]

const MAIN_HEADER_BYTES = 8
const TABLE_BYTES = 64
/** RFC 2435 section 3.1.8: the first packet of every picture contains the tables. */
const IN_BAND_TABLES_Q = 255

/** RFC 2435: types 0 and 1, with restart intervals 64 and 65. Every JPEG is a key picture. */
export class JpegDepacketizer implements Depacketizer {
  damaged = 0
  format: PictureFormat | undefined

  /** For pictures whose size does not fit the payload header: from the session description, or the last header extension. */
  #size: ReceivedTrack['size']
  /** By Q. Tables for 128 to 254 need not be sent with every picture. */
  readonly #tables = new Map<number, Tables>()
  readonly #bytes = new PictureBuffer()
  #done: Depacketized[] = []

  // The current picture, if there is one; its scan begins at `scanAt`.
  #begun = false
  #lost = false
  #timestamp = 0
  #scanAt = 0

  /** @param size for pictures whose size does not fit the payload header */
  constructor (size: ReceivedTrack['size']) {
    if (size !== undefined && isSide(size.width) && isSide(size.height)) this.#size = size
  }

  push ({ payload, timestamp, marker, extension }: RtpPacket, missing: number): Depacketized[] {
    if (missing > 0 && this.#begun) this.#lose()
    if (timestamp !== this.#timestamp && !this.#continues(payload)) {
      this.#finish()
      this.#timestamp = timestamp
    }
    if (payload.length > 0) this.#take(payload, extension)
    if (marker) this.#finish()
    if (this.#done.length === 0) return []
    const done = this.#done
    this.#done = []
    return done
  }

  /** Whether the current picture certainly continues. Ignores the timestamp: some cameras give every packet its own. */
  #continues (payload: Buffer): boolean {
    if (!this.#begun || this.#lost || payload.length < MAIN_HEADER_BYTES) return false
    const offset = payload.readUIntBE(1, 3)
    return offset > 0 && offset === this.#bytes.length - this.#scanAt
  }

  /** Section 3.1: main header, restart header, quantization tables in a picture's first packet, and a part of the scan. */
  #take (payload: Buffer, extension?: Buffer): void {
    if (payload.length < MAIN_HEADER_BYTES) return this.#lose()
    const offset = payload.readUIntBE(1, 3)
    const type = payload.readUInt8(4)
    if (type > 65 || (type > 1 && type < 64)) throw new CamgateError('BAD_RTP', `a JPEG of type ${type}, which RFC 2435 leaves open`)
    const scanFrom = type >= 64 ? MAIN_HEADER_BYTES + 4 : MAIN_HEADER_BYTES
    if (payload.length < scanFrom) return this.#lose()
    if (offset === 0) return this.#begin(payload, scanFrom, extension)
    if (!this.#begun || offset !== this.#bytes.length - this.#scanAt) return this.#lose()
    this.#bytes.append(payload, scanFrom)
  }

  #begin (payload: Buffer, at: number, extension?: Buffer): void {
    this.#finish()
    const q = payload.readUInt8(5)
    const inBand = q >= 128 ? readTables(payload, at) : { tables: undefined, end: at }
    if (inBand === undefined) return this.#lose()
    const quantization = inBand.tables ?? this.#tables.get(q) ?? computedTables(q)
    if (quantization === undefined) return this.#lose()
    if (q < IN_BAND_TABLES_Q && quantization !== this.#tables.get(q)) this.#tables.set(q, [Buffer.from(quantization[0]), Buffer.from(quantization[1])])
    const type = (payload.readUInt8(4) & 1) as 0 | 1
    const own = extension && readJpegExtension(extension)
    if (own?.size) this.#size = own.size
    const width = own?.size?.width ?? (payload.readUInt8(6) * 8 || this.#size?.width)
    const height = own?.size?.height ?? (payload.readUInt8(7) * 8 || this.#size?.height)
    if (width === undefined || height === undefined) throw new CamgateError('NO_SIZE', sizeUnknown)
    checkSize({ width, height })
    const restartInterval = at > MAIN_HEADER_BYTES ? payload.readUInt16BE(MAIN_HEADER_BYTES) : 0
    this.format = { profile: type === 0 ? '4:2:2' : '4:2:0', width, height, depth: 8 }
    this.#begun = true
    this.#bytes.append(jpegHeader({ width, height, type, restartInterval, quantization }, own?.huffman))
    this.#scanAt = this.#bytes.length
    this.#bytes.append(payload, inBand.end)
  }

  /** A part of the current picture is missing or invalid. */
  #lose (): void {
    this.#begun = this.#lost = true
    this.#bytes.clear()
  }

  #finish (): void {
    if (!this.#begun) return
    const end = this.#lost ? undefined : endOfOnlyScan(this.#bytes.view(0), this.#scanAt)
    if (end !== undefined) {
      this.#bytes.truncate(end) // some cameras send padding after the EOI
      this.#bytes.append(EOI_BYTES)
      const { width, height } = this.format!
      this.#done.push({ codec: 'mjpeg', rtpTime: this.#timestamp, key: true, damaged: false, bytes: this.#bytes.take(), width, height })
    } else if (this.format !== undefined) { // before the first picture, we only joined in the middle of one
      this.damaged++
    }
    this.#bytes.clear()
    this.#begun = this.#lost = false
  }
}

const sizeUnknown = 'its JPEGs are more than 2040 pixels wide or high, and the camera does not say how large they are. Set a smaller picture in the camera, or H.264'
const isSide = (pixels: number) => Number.isInteger(pixels) && pixels > 0 && pixels <= 0xffff

/**
 * Reads the quantization tables after the other headers, section 3.1.8: none if the length is 0, otherwise luma and chroma, or one for
 * both. Undefined if the payload is too short.
 */
function readTables (payload: Buffer, at: number): { tables: Tables | undefined, end: number } | undefined {
  const start = at + 4
  if (start > payload.length) return undefined
  const length = payload.readUInt16BE(at + 2)
  const end = start + length
  if (length === 0) return { tables: undefined, end }
  if ((payload.readUInt8(at + 1) & 3) !== 0) throw new CamgateError('BAD_RTP', 'a JPEG with quantization tables of 16 bits')
  if (end > payload.length || length % TABLE_BYTES !== 0) return undefined
  const luma = payload.subarray(start, start + TABLE_BYTES)
  return { tables: [luma, length === TABLE_BYTES ? luma : payload.subarray(start + TABLE_BYTES, start + 2 * TABLE_BYTES)], end }
}

/** Section 4.2; undefined for a Q whose tables are in band. */
function computedTables (q: number): Tables | undefined {
  if (q >= 128) return undefined
  if (q === 0 || q > 99) throw new CamgateError('BAD_RTP', `a JPEG with the reserved Q of ${q}`)
  return quantizationOf(q)
}
