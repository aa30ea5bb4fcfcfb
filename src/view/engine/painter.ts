import type { Clock } from '../../clock.js'
import type { Size } from '../../picture-size.js'
import type { PictureHeader } from '../../wire/picture-header.js'
import type { FrameScaler } from './frame-scaler.js'

/** A screen shows no more than this: a picture that comes sooner after another waits for the next animation frame, and a newer one replaces it. */
const MIN_INTERVAL_MS = 12
const JPEG = { type: 'image/jpeg', quality: 0.92 } as const
/** A camera that sends nothing in this time is answered for with what is on the canvas. */
const NEXT_PICTURE_TIMEOUT_MS = 1_000

type Drawable = VideoFrame | ImageBitmap
interface Waiting { readonly header: PictureHeader, readonly picture: Drawable }

/** What all painters of an engine share. `scaler`: undefined while the browser itself is to scale. */
export interface PainterParts {
  readonly clock: Clock
  readonly scaler: FrameScaler | undefined
  nextFrame (paint: () => void): void
}

export const sizeOf = (picture: Drawable): Size => 'displayWidth' in picture
  ? { width: picture.displayWidth, height: picture.displayHeight }
  : { width: picture.width, height: picture.height }

/** Paints one tile. */
export class Painter {
  readonly #canvas: OffscreenCanvas
  readonly #context: OffscreenCanvasRenderingContext2D
  readonly #parts: PainterParts
  readonly #painted: (header: PictureHeader, size: Size) => void
  #tile: Size = { width: 0, height: 0 }
  #waiting: Waiting | undefined
  #isAsked = false
  #isScaling = false
  #paintedAt = -Infinity
  #snapshots: ((picture: Drawable) => void)[] = []

  constructor (canvas: OffscreenCanvas, parts: PainterParts, painted: (header: PictureHeader, size: Size) => void) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d', { alpha: false })!
    this.#parts = parts
    this.#painted = painted
  }

  /** The tile's size in device pixels. The canvas is never larger than the picture: the browser enlarges it at no cost. */
  resize (tile: Size): void { this.#tile = tile }

  /** Closes the picture when it is painted, or not painted because a newer one came. */
  add (header: PictureHeader, picture: Drawable): void {
    for (const take of this.#snapshots.splice(0)) take(picture)
    this.clear()
    this.#waiting = { header, picture }
    this.#next()
  }

  /** Drops the picture that waits. */
  clear (): void {
    this.#waiting?.picture.close()
    this.#waiting = undefined
  }

  /** The next picture in full size; what is painted if none comes. */
  snapshot (): Promise<Blob> {
    return new Promise((resolve, reject) => {
      const cancel = this.#parts.clock.after(NEXT_PICTURE_TIMEOUT_MS, () => {
        this.#snapshots = this.#snapshots.filter(other => other !== take)
        this.#canvas.convertToBlob(JPEG).then(resolve, reject)
      })
      const take = (picture: Drawable) => {
        cancel()
        const { width, height } = sizeOf(picture)
        const canvas = new OffscreenCanvas(width, height)
        canvas.getContext('2d')!.drawImage(picture, 0, 0)
        canvas.convertToBlob(JPEG).then(resolve, reject)
      }
      this.#snapshots.push(take)
    })
  }

  #next (): void {
    if (this.#parts.clock.now() - this.#paintedAt >= MIN_INTERVAL_MS) return this.#paint()
    if (this.#isAsked) return
    this.#isAsked = true
    this.#parts.nextFrame(() => {
      this.#isAsked = false
      this.#paint()
    })
  }

  #paint (): void {
    if (!this.#waiting || this.#isScaling) return
    const { header, picture } = this.#waiting
    this.#waiting = undefined
    this.#paintedAt = this.#parts.clock.now()
    const canvas = canvasSize(sizeOf(picture), this.#tile)
    if ('displayWidth' in picture && this.#parts.scaler) void this.#scale(this.#parts.scaler, header, picture, canvas)
    else this.#draw(header, picture, canvas)
  }

  async #scale (scaler: FrameScaler, header: PictureHeader, picture: VideoFrame, canvas: Size): Promise<void> {
    this.#isScaling = true
    if (!await scaler.scale(picture, canvas, image => this.#draw(header, picture, canvas, image))) this.#draw(header, picture, canvas)
    this.#isScaling = false
    this.#next()
  }

  #draw (header: PictureHeader, picture: Drawable, { width, height }: Size, image?: ImageData): void {
    const size = sizeOf(picture)
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height })
    if (image) this.#context.putImageData(image, 0, 0)
    else this.#context.drawImage(picture, 0, 0, width, height)
    picture.close()
    this.#painted(header, size)
  }
}

/** The picture's shape, as large as it fills the tile both ways (`object-fit: cover` needs that), and no larger than the picture. */
function canvasSize (picture: Size, tile: Size): Size {
  const scale = Math.min(1, Math.max(tile.width / picture.width, tile.height / picture.height))
  return { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) }
}
