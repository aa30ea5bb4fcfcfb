import { execFileSync } from 'node:child_process'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { JpegSplitter, type SplitJpeg } from '../src/jpeg/splitter.js'

/** Real JPEGs of ffmpeg's test picture, all different. `extra` are arguments for its encoder. */
export function makeJpegs (count: number, size = '64x48', extra: string[] = []): Buffer[] {
  const stream = execFileSync(findFfmpeg()!, [
    '-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10`,
    '-frames:v', String(count), '-q:v', '5', ...extra, '-f', 'mjpeg', 'pipe:1'
  ], { maxBuffer: 64 * 1024 * 1024 })
  // An independent split: ffmpeg's pictures contain no SOI but their first bytes.
  const starts: number[] = []
  for (let at = stream.indexOf('ffd8ff', 0, 'hex'); at >= 0; at = stream.indexOf('ffd8ff', at + 1, 'hex')) starts.push(at)
  return starts.map((start, i) => stream.subarray(start, starts[i + 1]))
}

/** The pictures that a splitter finds in these chunks, each in one piece. */
export function split (chunks: readonly Buffer[], maxFrameBytes?: number) {
  const jpegs: Array<{ bytes: Buffer, width: number, height: number }> = []
  const splitter = new JpegSplitter(({ pieces, length, width, height }) => {
    jpegs.push({ bytes: Buffer.concat(pieces as Buffer[], length), width, height })
  }, maxFrameBytes)
  for (const chunk of chunks) splitter.push(chunk)
  return { jpegs, splitter, bytes: jpegs.map(({ bytes }) => bytes) }
}

/** A whole JPEG, as a splitter finds it. */
export function whole (jpeg: Buffer): SplitJpeg {
  let found: SplitJpeg | undefined
  new JpegSplitter(one => { found = one }).push(jpeg)
  return found!
}

/** The same picture without its Huffman tables, which must be the standard ones in one segment. */
export function withoutTables (jpeg: Buffer): Buffer {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc4]))
  return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(at + 2 + jpeg.readUInt16BE(at + 2))])
}

/** The same picture with a comment in front of its other segments. */
export function withComment (jpeg: Buffer, comment: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0])
  head.writeUInt16BE(comment.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(comment, 'latin1'), jpeg.subarray(2)])
}
