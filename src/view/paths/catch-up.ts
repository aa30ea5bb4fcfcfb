import type { Clock } from '../../clock.js'
import type { PictureHeader } from '../../wire/picture-header.js'
import type { EngineHost } from './path.js'

/** Pictures that are younger are shown, whatever waits in the decoder. */
const FRESH_MS = 250
/** When no newer picture has come for so long, an old one is the newest there is. */
const SHOW_AFTER_MS = 60

/**
 * Pictures are old when a tile begins (all since the last key picture are sent at once) and after a hitch. They are decoded one after the other, and
 * only the last is shown: painting them all would take time, and look like a film at ten times its speed.
 */
export class CatchUp {
  readonly #clock: Clock
  readonly #host: EngineHost
  #held: { readonly header: PictureHeader, readonly frame: VideoFrame } | undefined
  #cancel: (() => void) | undefined

  constructor (clock: Clock, host: EngineHost) {
    this.#clock = clock
    this.#host = host
  }

  /** `waiting`: how many pictures the decoder has after this one. */
  add (header: PictureHeader, frame: VideoFrame, waiting: number): void {
    this.clear()
    if (this.#host.ageOf(header) < FRESH_MS) return this.#host.paint(header, frame)
    this.#held = { header, frame }
    this.#cancel = this.#clock.after(waiting > 0 ? 4 * SHOW_AFTER_MS : SHOW_AFTER_MS, () => {
      const held = this.#held
      this.#held = undefined
      if (held) this.#host.paint(held.header, held.frame)
    })
  }

  clear (): void {
    this.#cancel?.()
    this.#held?.frame.close()
    this.#held = undefined
  }
}
