import type { Clock } from '../clock.js'

/** After a longer pause, such as a laptop's sleep, the schedule does not catch up. */
const MAX_LAG_MS = 1_000

/** Calls back when each picture is due, counting up from the index it was started with. Keeps to the schedule however late a timer fires. */
export class Schedule {
  readonly #fps: number
  readonly #clock: Clock
  readonly #onDue: (index: number) => void
  #index = 0
  #nextAt = 0
  #cancelTimer: (() => void) | null = null

  constructor (fps: number, clock: Clock, onDue: (index: number) => void) {
    this.#fps = fps
    this.#clock = clock
    this.#onDue = onDue
  }

  /** The index of the next picture. */
  get index (): number {
    return this.#index
  }

  get running (): boolean {
    return this.#cancelTimer !== null
  }

  /** The first picture is due at once, but not within this call. */
  start (index: number): void {
    this.stop()
    this.#index = index
    this.#nextAt = this.#clock.now()
    this.#wait()
  }

  stop (): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #wait (): void {
    this.#cancelTimer = this.#clock.after(Math.max(0, this.#nextAt - this.#clock.now()), () => this.#fire())
  }

  #fire (): void {
    const now = this.#clock.now()
    if (now - this.#nextAt > MAX_LAG_MS) this.#nextAt = now
    this.#nextAt += 1_000 / this.#fps
    this.#wait() // before the picture, so that the callback may stop the schedule
    this.#onDue(this.#index++)
  }
}
