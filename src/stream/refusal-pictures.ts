import type { Clock } from '../clock.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Caption } from './caption.js'
import { PLAIN, type Draw } from './drawing.js'
import { DEFAULT_SIZE, REDRAW_AFTER_MS } from './status-frames.js'

const { signal: never } = new AbortController()

/** Pictures with words for viewers who are not let in. Each caption is drawn once. */
export class RefusalPictures {
  readonly #draw: Draw
  readonly #clock: Clock
  readonly #drawn = new Map<Caption, Promise<SplitJpeg>>()

  constructor (draw: Draw, clock: Clock) {
    this.#draw = draw
    this.#clock = clock
  }

  /** Give the same object for the same words. Never rejects. */
  picture (caption: Caption): Promise<SplitJpeg> {
    const known = this.#drawn.get(caption)
    if (known) return known
    const drawn = this.#draw(caption, DEFAULT_SIZE, undefined, never)
    this.#drawn.set(caption, drawn)
    void drawn.then(picture => {
      if (picture === PLAIN) this.#clock.after(REDRAW_AFTER_MS, () => this.#drawn.delete(caption))
    })
    return drawn
  }
}
