import type { SplitJpeg } from './splitter.js'
import { standardHuffman } from './tables.js'

const tables = Buffer.concat(Object.entries(standardHuffman).map(([id, { lengths, values }]) => Buffer.concat([Buffer.from([Number(id)]), Buffer.from(lengths + values, 'hex')])))
/** The standard tables as a DHT segment, ITU-T T.81 section B.2.4.2. */
export const standardHuffmanSegment = Buffer.concat([Buffer.from([0xff, 0xc4, (tables.length + 2) >> 8, (tables.length + 2) & 0xff]), tables])

/** Adds the standard tables to a JPEG without any: webcams and AVI files omit them, and not every decoder supplies them itself. */
export function withTables (jpeg: SplitJpeg): SplitJpeg {
  const { bare, pieces: [start, ...rest], length, width, height } = jpeg
  return bare && start ? { pieces: [start, standardHuffmanSegment, ...rest], length: length + standardHuffmanSegment.length, width, height } : jpeg
}
