import { spawnSync } from 'node:child_process'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { JpegSplitter } from '../src/jpeg/splitter.js'
import { readFrameNumber, strip } from '../src/clips/strip.js'

/** Records pictures and when they arrive. Their numbers are read afterwards. */
export class Arrivals {
  readonly pictures: Array<{ at: number, jpeg: Buffer, width: number }> = []
  readonly #splitter = new JpegSplitter(({ pieces, length, width }) => {
    this.pictures.push({ at: performance.now(), jpeg: Buffer.concat(pieces as Buffer[], length), width })
  })

  readonly take = (chunk: Buffer): void => this.#splitter.push(chunk)
  get count (): number { return this.pictures.length }

  /**
   * Milliseconds from when the camera sent each picture to its arrival, without pictures from before `from`. `sent` is sorted by time;
   * `full` is the camera's size, if the pictures are smaller. Throws if a picture's number cannot be read.
   */
  ages (sent: ReadonlyArray<{ frame: number, at: number }>, from: number, full?: { width: number, height: number }): number[] {
    const pictures = this.pictures.filter(({ at }) => at >= from)
    const width = strip.blocks * strip.blockSize
    const { stdout } = spawnSync(findFfmpeg()!, [
      '-loglevel', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-vf', `${full ? `scale=${full.width}:${full.height},` : ''}crop=${width}:${strip.blockSize}:0:ih-${strip.blockSize}`,
      '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'
    ], { input: Buffer.concat(pictures.map(({ jpeg }) => jpeg)), maxBuffer: 1024 ** 3 })
    const size = width * strip.blockSize
    return pictures.map(({ at }, i) => {
      const frame = readFrameNumber({ pixels: stdout.subarray(i * size, (i + 1) * size), width, height: strip.blockSize })
      const picture = sent.findLast(one => one.frame === frame && one.at <= at)
      if (!picture) throw new Error(`picture ${i} carries no number that was sent: ${frame}`)
      return at - picture.at
    })
  }
}
