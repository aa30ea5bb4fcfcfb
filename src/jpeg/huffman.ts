import type { SplitJpeg } from './splitter.js'
import { standardHuffman } from './tables.js'

/** A DHT segment, ITU-T T.81 section B.2.4.2. */
const tables = Buffer.concat(Object.entries(standardHuffman).map(([id, { lengths, values }]) => Buffer.concat([Buffer.from([Number(id)]), Buffer.from(lengths + values, 'hex')])))
const SEGMENT = Buffer.concat([Buffer.from([0xff, 0xc4, (tables.length + 2) >> 8, (tables.length + 2) & 0xff]), tables])

/** Adds the tables that a JPEG without any means: webcams and AVI files leave them out, and not every decoder knows which to use. */
export function withTables (jpeg: SplitJpeg): SplitJpeg {
  const { bare, pieces: [start, ...rest], length, width, height } = jpeg
  return bare && start ? { pieces: [start, SEGMENT, ...rest], length: length + SEGMENT.length, width, height } : jpeg
}
