import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { JpegSplitter } from '../src/jpeg/splitter.js'

const COUNT = 20
/** After the length in its header. */
const MAX_SEGMENT_BYTES = 65_533

/** Makes pictures of exactly this size: at the best quality that fits, filled up with comments (ITU-T T.81, COM). */
export function picturesOf (bytes: number, size = '960x544'): Buffer[] {
  for (let quality = 2; quality <= 31; quality++) {
    const stream = execFileSync(findFfmpeg()!, [
      '-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=20,noise=alls=12:allf=t`,
      '-frames:v', String(COUNT), '-q:v', String(quality), '-f', 'mjpeg', 'pipe:1'
    ], { maxBuffer: 256 * 1024 ** 2 })
    const jpegs: Buffer[] = []
    new JpegSplitter(({ pieces, length }) => jpegs.push(Buffer.concat(pieces, length))).push(stream)
    if (jpegs.every(({ length }) => length + 4 <= bytes)) return jpegs.map(jpeg => filledUp(jpeg, bytes))
  }
  throw new Error(`no picture of ${size} is as small as ${bytes} bytes`)
}

/** Mean bytes per picture of a stream, headers and boundaries included. Undefined if the server hangs up. */
export async function partBytes (url: string): Promise<number | undefined> {
  const [response] = await once(get(url), 'response').catch(() => []) as [IncomingMessage?]
  if (!response) return undefined
  let bytes = 0
  const ends: number[] = [] // where pictures end, to within a chunk
  const splitter = new JpegSplitter(() => ends.push(bytes))
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    splitter.push(chunk)
    if (ends.length > COUNT) break // destroys the response
  }
  return (ends.at(-1)! - ends[0]!) / (ends.length - 1)
}

function filledUp (jpeg: Buffer, bytes: number): Buffer {
  const comments: Buffer[] = []
  for (let missing = bytes - jpeg.length; missing > 0;) {
    const length = Math.min(missing - 4, MAX_SEGMENT_BYTES - 4) // leaves room for another marker
    comments.push(Buffer.from([0xff, 0xfe, (length + 2) >> 8, (length + 2) & 0xff]), Buffer.alloc(length, ' '))
    missing -= length + 4
  }
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}
