import { withTables } from './huffman.js'
import { JpegSplitter, type SplitJpeg } from './splitter.js'

export interface JpegPipeEvents {
  /** A whole JPEG, with its Huffman tables. */
  readonly onJpeg: (jpeg: SplitJpeg) => void
  /** Called once: a picture is too large, or `onJpeg` threw. No event follows. */
  readonly onBroken: (error: Error) => void
}

/** Splits a process's standard output into JPEGs. Returns a function that accepts the next bytes, cut anywhere. */
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
