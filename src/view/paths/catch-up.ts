import type { Clock } from '../../clock.js'
import type { PictureHeader } from '../../wire/picture-header.js'

/** Pictures that are younger are shown at once. */
const FRESH_MS = 250
/** When no newer picture has come for so long, an old one is the newest there is. */
const SHOW_AFTER_MS = 60
/** While more wait in the decoder, newer ones will come, unless it holds them back. A busy machine may take so long for one. */
const SHOW_AFTER_WAITING_MS = 1_000

/** Shows pictures. `ageOf`: how old one is now, in milliseconds. */
export interface CatchUpHost<Frame> {
  paint (header: PictureHeader, frame: Frame): void
  ageOf (header: PictureHeader): number
}

/**
 * Pictures come in a burst when a tile begins (all since the last key picture are sent at once) and after a hitch. They are decoded one after the
 * other, and only the last is shown: painting them all would take time, and look like a film at ten times its speed. Pictures that are old because the
 * connection is slow come at their own pace, and are shown.
 */
export class CatchUp<Frame extends { close (): void }> {
  readonly #clock: Clock
  readonly #host: CatchUpHost<Frame>
  #last: { readonly wall: number, readonly at: number } | undefined
  #held: { readonly header: PictureHeader, readonly frame: Frame } | undefined
  #cancel: (() => void) | undefined

  constructor (clock: Clock, host: CatchUpHost<Frame>) {
    this.#clock = clock
    this.#host = host
  }

  /** `waiting`: how many pictures the decoder has after this one. `isBeginning`: it has not yet decoded all that it began with. */
  add (header: PictureHeader, frame: Frame, waiting: number, isBeginning = false): void {
    this.#drop()
    const isBurst = this.#isBurst(header) || (isBeginning && waiting > 0) // a slow decoder spreads a burst
    this.#last = { wall: header.wall, at: this.#clock.now() }
    if (!isBurst || this.#host.ageOf(header) < FRESH_MS) return this.#host.paint(header, frame)
    this.#held = { header, frame }
    this.#cancel = this.#clock.after(waiting > 0 ? SHOW_AFTER_WAITING_MS : SHOW_AFTER_MS, () => {
      this.#held = undefined
      this.#host.paint(header, frame)
    })
  }

  /** The next picture begins anew. */
  clear (): void {
    this.#drop()
    this.#last = undefined
  }

  /** Whether it came much sooner after the one before than the camera sent it. The first may be the first of many. */
  #isBurst ({ wall }: PictureHeader): boolean {
    return !this.#last || this.#clock.now() - this.#last.at < (wall - this.#last.wall) / 2
  }

  #drop (): void {
    this.#cancel?.()
    this.#held?.frame.close()
    this.#held = undefined
  }
}
