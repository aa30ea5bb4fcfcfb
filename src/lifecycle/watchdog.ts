import type { Clock } from '../clock.js'

/** Barks once if no sign of life comes for `limit`. It sets its one timer again only when that is due, however many signs come. */
export class Watchdog {
  readonly #clock: Clock
  readonly #limit: number
  readonly #bark: () => void
  #lastSign = 0
  #callOff = () => {}

  /** `limit` is in milliseconds. */
  constructor (clock: Clock, limit: number, bark: () => void) {
    this.#clock = clock
    this.#limit = limit
    this.#bark = bark
  }

  start (): void {
    this.stop()
    this.sign()
    this.#wait(this.#limit)
  }

  sign (): void {
    this.#lastSign = this.#clock.now()
  }

  stop (): void {
    this.#callOff()
  }

  #wait (ms: number): void {
    this.#callOff = this.#clock.after(ms, () => {
      const left = this.#lastSign + this.#limit - this.#clock.now()
      if (left > 0) this.#wait(left)
      else this.#bark()
    })
  }
}
