import type { Size } from '../../picture-size.js'

/** Two of a pixel's four bytes, with room for a sum above each. */
const TWO_BYTES = 0xff00ff
/** Half of four, for each of them: means are rounded. */
const HALF = 0x20002

/**
 * Scales decoded pictures where no GPU does. There, Chromium's drawImage() takes longer for a VideoFrame than decoding it took: for each it asks the
 * page's thread for a GPU, and scales by way of a cache of images, in memory that another process hands out.
 */
export class FrameScaler {
  /** One picture after the other, so that they share memory. */
  #last: Promise<unknown> = Promise.resolve()
  #pixels = new Int32Array(0)
  #image: ImageData | undefined

  /** Calls `draw` with the picture in this size, to be drawn at once. Resolves with false, without a call, if this browser cannot copy its pixels. */
  scale (frame: VideoFrame, size: Size, draw: (image: ImageData) => void): Promise<boolean> {
    const turn = this.#last.then(() => this.#scale(frame, size, draw))
    this.#last = turn
    return turn
  }

  async #scale (frame: VideoFrame, { width, height }: Size, draw: (image: ImageData) => void): Promise<boolean> {
    const from = frame.visibleRect!
    const isSame = from.width === width && from.height === height
    if (this.#image?.width !== width || this.#image.height !== height) this.#image = new ImageData(width, height)
    const out = new Int32Array(this.#image.data.buffer)
    if (!isSame && this.#pixels.length !== from.width * from.height) this.#pixels = new Int32Array(from.width * from.height)
    const pixels = isSame ? out : this.#pixels
    try {
      if (frame.allocationSize({ format: 'RGBA' }) !== pixels.byteLength) return false // some browsers do not know of `format`
      await frame.copyTo(pixels, { format: 'RGBA' })
    } catch {
      return false
    }
    if (!isSame) shrink(pixels, from, out, { width, height })
    draw(this.#image)
    return true
  }
}

/** Pixels of RGBA. Each new one is the mean of four, of all that it covers where the sides are halved. */
export function shrink (pixels: Int32Array, from: Size, out: Int32Array, to: Size): void {
  const columns = new Int32Array(2 * to.width)
  for (let half = 0; half < columns.length; half++) columns[half] = place(half, from.width, to.width)
  for (let y = 0, at = 0; y < to.height; y++) {
    const upper = from.width * place(2 * y, from.height, to.height)
    const lower = from.width * place(2 * y + 1, from.height, to.height)
    for (let half = 0; half < columns.length; half += 2) {
      const left = columns[half]!
      const right = columns[half + 1]!
      const a = pixels[upper + left]!
      const b = pixels[upper + right]!
      const c = pixels[lower + left]!
      const d = pixels[lower + right]!
      const even = (a & TWO_BYTES) + (b & TWO_BYTES) + (c & TWO_BYTES) + (d & TWO_BYTES) + HALF
      const odd = (a >>> 8 & TWO_BYTES) + (b >>> 8 & TWO_BYTES) + (c >>> 8 & TWO_BYTES) + (d >>> 8 & TWO_BYTES) + HALF
      out[at++] = (even >>> 2 & TWO_BYTES) | (odd >>> 2 & TWO_BYTES) << 8
    }
  }
}

/** Which of `from` pixels lies under the middle of a half of one of `to`. */
const place = (half: number, from: number, to: number) => Math.floor((half + 0.5) * from / (2 * to))
