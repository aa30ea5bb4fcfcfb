import { withTables } from './huffman.js'
import { JpegSplitter, type SplitJpeg } from './splitter.js'

export interface JpegPipeEvents {
  /** A whole JPEG, with its Huffman tables. */
  readonly onJpeg: (jpeg: SplitJpeg) => void
  /** Once: a picture outgrows a bound, or `onJpeg` threw. Nothing comes after it. */
  readonly onBroken: (error: Error) => void
}

/** Whole JPEGs of what a process writes to its standard output. Returns what takes the next bytes, cut anywhere. */
export function jpegPipe ({ onJpeg, onBroken }: JpegPipeEvents): (chunk: Buffer) => void {
  const splitter = new JpegSplitter(jpeg => onJpeg(withTables(jpeg)))
  let isBroken = false
  return chunk => {
    if (isBroken) return
    try {
      splitter.push(chunk)
    } catch (error) {
      isBroken = true
      onBroken(error as Error)
    }
  }
}
