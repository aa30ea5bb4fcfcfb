import { CamgateError } from '../errors.js'
import { EOI } from './markers.js'
import { nextMarker } from './scan.js'
import { standardHuffman } from './tables.js'

/** The parts of a baseline JPEG that RFC 2435 carries. Type 0 is 4:2:2, type 1 is 4:2:0. */
export interface BaselineJpeg {
  /** Pixels. */
  width: number
  height: number
  type: 0 | 1
  /** MCUs between restart markers; 0 means none. */
  restartInterval: number
  /** Luma, then chroma: 64 bytes each, zigzag. */
  quantization: readonly [Buffer, Buffer]
  /** Entropy-coded data between SOS and EOI. */
  scan: Buffer
  /** Bytes of the whole JPEG, SOI to EOI. */
  size: number
}

/**
 * Reads the JPEG that starts at the first byte.
 * @throws {CamgateError} BAD_JPEG: it is damaged, or RFC 2435 has no type for it
 */
export function readJpeg (bytes: Buffer): BaselineJpeg {
  const tables = new Map<number, Buffer>()
  let frame: Frame | undefined
  let restartInterval = 0
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) throw bad('it does not begin with SOI')
  for (let at = 2; ;) {
    const { marker, body, end } = segmentAt(bytes, at)
    switch (marker) {
      case 0xdb: readQuantization(body, tables); break
      case 0xc0: frame = readFrame(body); break
      case 0xc4: checkHuffman(body); break
      case 0xdd: restartInterval = body.readUInt16BE(0); break
      case 0xda: {
        if (frame === undefined) throw bad('its scan comes before its frame header')
        const scanEnd = endOfScan(bytes, end)
        const [luma, chroma] = frame.tables.map(id => tables.get(id))
        if (!luma || !chroma) throw bad('a quantization table is missing')
        const { width, height, type } = frame
        return { width, height, type, restartInterval, quantization: [luma, chroma], scan: bytes.subarray(end, scanEnd), size: scanEnd + 2 }
      }
      default:
        if (marker >= 0xc1 && marker <= 0xcf) throw bad('it is not baseline')
    }
    at = end
  }
}

/** Reads a sequence of JPEGs with nothing between them. */
export function splitJpegs (stream: Buffer): BaselineJpeg[] {
  const pictures: BaselineJpeg[] = []
  for (let rest = stream; rest.length > 0;) {
    const picture = readJpeg(rest)
    pictures.push(picture)
    rest = rest.subarray(picture.size)
  }
  return pictures
}

interface Frame { width: number; height: number; type: 0 | 1; tables: readonly [number, number] }

function segmentAt (bytes: Buffer, at: number) {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) throw bad(`there is no segment at byte ${at}`)
  const end = at + 2 + bytes.readUInt16BE(at + 2)
  if (end > bytes.length || end < at + 4) throw bad(`the segment at byte ${at} is cut off`)
  return { marker: bytes.readUInt8(at + 1), body: bytes.subarray(at + 4, end), end }
}

function readQuantization (body: Buffer, tables: Map<number, Buffer>): void {
  for (let at = 0; at < body.length; at += 65) {
    const id = body.readUInt8(at)
    if (id > 3 || at + 65 > body.length) throw bad('a quantization table is not one of 64 bytes')
    tables.set(id, body.subarray(at + 1, at + 65))
  }
}

function readFrame (body: Buffer): Frame {
  if (body.length !== 15 || body[0] !== 8 || body[5] !== 3) throw bad('it is not 8 bits deep with three components')
  const sampling = [body[7], body[10], body[13]].map(value => value?.toString(16)).join(' ')
  if (sampling !== '21 11 11' && sampling !== '22 11 11') throw bad(`its sampling is ${sampling}, not 4:2:2 or 4:2:0`)
  const [height, width] = [body.readUInt16BE(1), body.readUInt16BE(3)]
  if (width % 8 !== 0 || height % 8 !== 0 || width > 2040 || height > 2040) {
    throw bad(`${width}x${height} is not a multiple of 8 up to 2040`)
  }
  return { width, height, type: sampling === '21 11 11' ? 0 : 1, tables: [body.readUInt8(8), body.readUInt8(11)] }
}

function checkHuffman (body: Buffer): void {
  for (let at = 0; at + 17 <= body.length;) {
    const lengths = body.subarray(at + 1, at + 17)
    if (lengths.toString('hex') !== standardHuffman[body.readUInt8(at)]?.lengths) throw bad('its Huffman tables are not the standard ones')
    at += 17 + lengths.reduce((sum, count) => sum + count, 0)
  }
}

function endOfScan (bytes: Buffer, start: number): number {
  let at = nextMarker(bytes, start)
  while (bytes[at + 1] === 0xff) at = nextMarker(bytes, at + 1)
  if (at < 0 || at + 1 === bytes.length) throw bad('it does not end with EOI')
  if (bytes[at + 1] !== EOI) throw bad('it has more than one scan')
  return at
}

const bad = (why: string) => new CamgateError('BAD_JPEG', `This JPEG cannot travel as RTP: ${why}.`)
