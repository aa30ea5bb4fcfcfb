import type { Clock } from '../clock.js'

/** Calls back once if no sign of life comes for `limitMs()`. However many signs come, its single timer is set again only when it fires. */
export class Watchdog {
  readonly #clock: Clock
  readonly #limitMs: () => number
  readonly #onTimeout: () => void
  #lastSign = 0
  #cancel = () => {}

  constructor (clock: Clock, limitMs: () => number, onTimeout: () => void) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#onTimeout = onTimeout
  }

  start (): void {
    this.stop()
    this.signOfLife()
    this.#wait(this.#limitMs())
  }

  signOfLife (): void {
    this.#lastSign = this.#clock.now()
  }

  stop (): void {
    this.#cancel()
  }

  #wait (ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      const left = this.#lastSign + this.#limitMs() - this.#clock.now()
      if (left > 0) this.#wait(left)
      else this.#onTimeout()
    })
  }
}
