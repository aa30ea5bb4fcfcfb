import { wallTimeOf, type Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { unreadable } from '../failure/sentences.js'
import type { Frame } from '../frames/frame.js'
import { Hub } from '../frames/hub.js'
import { Pacer } from '../frames/pacer.js'
import { RateMeter } from '../frames/rate-meter.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Lifecycle } from '../lifecycle/lifecycle.js'
import { assembleFrame } from '../multipart.js'

export interface PublisherOptions {
  /** The highest rate of pictures that are copied from the camera. It may change. */
  readonly fps?: number
  /** Whether the last clean picture stays while pictures are damaged. It may change. */
  readonly holdsDamaged?: boolean
}

/** Turns pictures into frames: counts them, stamps them and publishes them to its hub. It outlives every attempt. */
export class Publisher {
  readonly hub: Hub<Frame>
  readonly #clock: Clock
  readonly #options: PublisherOptions
  #rate = new RateMeter()
  #newest: Frame | undefined
  #count = 0
  #seq = 0

  constructor (clock: Clock, options: PublisherOptions = {}) {
    this.#clock = clock
    this.#options = options
    this.hub = new Hub<Frame>(clock)
  }

  /** The camera's last picture, however old; undefined before the first. */
  get newest (): Frame | undefined { return this.#newest }

  /**
   * Returns a function that accepts the pictures of one process of `lifecycle`. It informs the lifecycle before it publishes a picture, and ignores
   * pictures while the process is being stopped.
   */
  open (lifecycle: Pick<Lifecycle, 'alive' | 'frame' | 'signOfLife' | 'broken'>): (picture: JpegPicture) => void {
    this.#rate = new RateMeter()
    let pacer: Pacer | undefined
    const take = (picture: JpegPicture) => {
      const { fps = Infinity, holdsDamaged = false } = this.#options
      if (pacer?.fps !== fps) pacer = new Pacer(fps)
      if (picture.damaged && holdsDamaged) return lifecycle.signOfLife() // the camera sends pictures: it does not stall
      const isDue = !picture.copied || pacer.admits(this.#clock.now())
      const frame = isDue ? assembleFrame(picture, { ...this.#stamp(picture.at), originalAt: picture.originalAt, damaged: picture.damaged }) : undefined
      lifecycle.frame()
      if (frame) this.#publish(frame)
    }
    return picture => {
      if (!lifecycle.alive) return
      try {
        take(picture)
      } catch (error) {
        lifecycle.broken(unreadable(error))
      }
    }
  }

  /** Publishes a status frame instead of pictures. `state` is for programs. */
  show (jpeg: SplitJpeg, state: string): void {
    try {
      this.hub.publish(assembleFrame(jpeg, { ...this.#stamp(), state }))
    } catch (error) {
      if (!(error instanceof CamgateError)) throw error // like the camera's last picture under it, the drawing may contain the boundary: show nothing
    }
  }

  /** For /status. `now` is the clock's time. */
  report (now: number) {
    return {
      fps: this.#rate.fps(now),
      frameAgeMs: this.#newest ? Math.round(now - this.#newest.at) : null,
      width: this.#newest?.width ?? null,
      height: this.#newest?.height ?? null,
      viewers: this.hub.viewers,
      framesTotal: this.#count,
      droppedTotal: this.hub.dropped
    }
  }

  #publish (frame: Frame): void {
    this.#count++
    this.#newest = frame
    this.#rate.count(frame.at)
    this.hub.publish(frame)
  }

  #stamp (at = this.#clock.now()) {
    return { seq: ++this.#seq, at, wall: wallTimeOf(this.#clock, at) }
  }
}
