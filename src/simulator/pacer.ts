import type { Clock } from '../clock.js'

const mostBehindMs = 1_000

/**
 * Says when each picture is due, counting up from where it was told to start. Keeps to the schedule however late a timer
 * comes; after a pause of more than a second (a laptop's sleep) it goes on from now instead of catching up.
 */
export class Pacer {
  readonly #fps: number
  readonly #clock: Clock
  readonly #due: (index: number) => void
  #index = 0
  #nextAt = 0
  #callOff: (() => void) | null = null

  constructor (fps: number, clock: Clock, due: (index: number) => void) {
    this.#fps = fps
    this.#clock = clock
    this.#due = due
  }

  /** The picture that is next. */
  get index (): number {
    return this.#index
  }

  get running (): boolean {
    return this.#callOff !== null
  }

  /** The first picture is due at once, though not within this call. */
  start (index: number): void {
    this.stop()
    this.#index = index
    this.#nextAt = this.#clock.now()
    this.#wait()
  }

  stop (): void {
    this.#callOff?.()
    this.#callOff = null
  }

  #wait (): void {
    this.#callOff = this.#clock.after(Math.max(0, this.#nextAt - this.#clock.now()), () => this.#fire())
  }

  #fire (): void {
    const now = this.#clock.now()
    if (now - this.#nextAt > mostBehindMs) this.#nextAt = now
    this.#nextAt += 1_000 / this.#fps
    this.#wait() // before the picture, so that whoever is told of it may stop us
    this.#due(this.#index++)
  }
}
