import type { Clock } from '../clock.js'
import { assembleFrame, type Frame, type SplitJpeg } from '../frames/frame.js'
import { Hub } from '../frames/hub.js'
import { RateMeter } from '../frames/rate.js'
import { JpegSplitter } from '../frames/splitter.js'

/** Where a camera's bytes become frames: counted, stamped and handed to its hub. It outlives every attempt. */
export class Intake {
  readonly hub = new Hub()
  readonly #clock: Clock
  #rate = new RateMeter()
  #newest: Pick<Frame, 'at' | 'width' | 'height'> | undefined
  #seq = 0

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /**
   * Takes one attempt's bytes, cut anywhere. `onFrame` is called before the frame goes out.
   * The function that is returned throws CamgateError FRAME_TOO_LARGE.
   */
  open (onFrame: () => void): (chunk: Buffer) => void {
    this.#rate = new RateMeter()
    const splitter = new JpegSplitter(jpeg => {
      onFrame()
      this.#publish(jpeg)
    })
    return chunk => splitter.push(chunk)
  }

  /** For /status: `now` is the clock's. */
  report (now: number) {
    return {
      fps: this.#rate.fps(now),
      frameAgeMs: this.#newest ? Math.round(now - this.#newest.at) : null,
      width: this.#newest?.width ?? null,
      height: this.#newest?.height ?? null,
      viewers: this.hub.viewers,
      framesTotal: this.#seq,
      droppedTotal: this.hub.dropped
    }
  }

  #publish (jpeg: SplitJpeg): void {
    const frame = assembleFrame(jpeg, { seq: ++this.#seq, at: this.#clock.now(), wall: this.#clock.wall() })
    this.#newest = { at: frame.at, width: frame.width, height: frame.height }
    this.#rate.count(frame.at)
    this.hub.publish(frame)
  }
}
