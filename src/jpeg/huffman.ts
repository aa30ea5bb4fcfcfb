import type { SplitJpeg } from './splitter.js'
import { standardHuffman } from './tables.js'

/** A DHT segment, ITU-T T.81 section B.2.4.2. */
const tables = Buffer.concat(Object.entries(standardHuffman).map(([id, { lengths, values }]) => Buffer.concat([Buffer.from([Number(id)]), Buffer.from(lengths + values, 'hex')])))
const SEGMENT = Buffer.concat([Buffer.from([0xff, 0xc4, (tables.length + 2) >> 8, (tables.length + 2) & 0xff]), tables])

/** The JPEG with the tables that it means, where it has none: webcams and AVI files leave them out, and not every reader knows what to take instead. */
export function withTables (jpeg: SplitJpeg): SplitJpeg {
  const [start, ...rest] = jpeg.pieces
  return jpeg.bare && start ? { ...jpeg, pieces: [start, SEGMENT, ...rest], length: jpeg.length + SEGMENT.length } : jpeg
}
