import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { Frame } from '../frames/frame.js'
import { assembleFrame } from '../multipart.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { Hub } from '../frames/hub.js'
import { Pacer } from '../frames/pacer.js'
import { RateMeter } from '../frames/rate.js'
import { JpegSplitter } from '../jpeg/splitter.js'
import { unreadable } from '../failure/failure.js'
import { withTables } from '../jpeg/huffman.js'
import type { Lifecycle } from '../lifecycle/lifecycle.js'

/** Where a camera's bytes become frames: counted, stamped and handed to its hub. It outlives every attempt. */
export class Publisher {
  readonly hub: Hub<Frame>
  readonly #clock: Clock
  readonly #holdsDamaged: boolean
  #rate = new RateMeter()
  #isDamaged = () => false
  #pacer: Pacer | undefined
  #newest: Frame | undefined
  #count = 0
  #seq = 0

  /** With `holdsDamaged`, damaged pictures are not shown: the last one before them stays. */
  constructor (clock: Clock, holdsDamaged = false) {
    this.#clock = clock
    this.#holdsDamaged = holdsDamaged
    this.hub = new Hub<Frame>(clock)
  }

  /** The camera's last picture, however old; undefined before the first. */
  get newest (): Frame | undefined { return this.#newest }

  /**
   * Takes what one process of `lifecycle` writes, cut anywhere; what comes while it ends is drained, not shown. The lifecycle hears of a
   * frame before it goes out. `came` says when its picture came, if that was earlier, never going back, and whether that was damaged.
   */
  open (lifecycle: Pick<Lifecycle, 'alive' | 'frame' | 'sign' | 'broken'>, came = () => ({ at: this.#clock.now(), damaged: this.#isDamaged() })): (chunk: Buffer) => void {
    this.#rate = new RateMeter()
    this.#pacer = undefined
    this.#isDamaged = () => false
    const splitter = new JpegSplitter(jpeg => {
      const { at, damaged } = came()
      if (damaged && this.#holdsDamaged) return lifecycle.sign() // the camera sends pictures: it does not stall
      const isDue = this.#pacer?.admits(this.#clock.now()) !== false
      const frame = isDue ? assembleFrame(withTables(jpeg), { ...this.#stamp(at), damaged }) : undefined
      lifecycle.frame()
      if (frame) this.#publish(frame)
    })
    return chunk => {
      if (!lifecycle.alive) return
      try {
        splitter.push(chunk)
      } catch (error) {
        lifecycle.broken(unreadable(error))
      }
    }
  }

  /** Until the next attempt what comes faster than `fps` is left out; nothing, with undefined. */
  thin (fps: number | undefined): void {
    this.#pacer = fps === undefined ? undefined : new Pacer(fps)
  }

  /** Until the next attempt this tells of each JPEG, in their order, whether it is damaged. */
  mark (isDamaged: () => boolean): void {
    this.#isDamaged = isDamaged
  }

  /** Hands a status frame to the viewers, in the place of pictures: `state` is for programs. */
  show (jpeg: SplitJpeg, state: string): void {
    try {
      this.hub.publish(assembleFrame(jpeg, { ...this.#stamp(), state }))
    } catch (error) {
      if (!(error instanceof CamgateError)) throw error // made of the camera's last picture, it may hold a boundary as well: nothing is shown
    }
  }

  /** For /status: `now` is the clock's. */
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
    return { seq: ++this.#seq, at, wall: this.#clock.wall() - this.#clock.now() + at }
  }
}
