import type { Clock } from '../../clock.js'

/** Of so many answers, the one that took the shortest time is believed. */
const MAX_SAMPLES = 8

/** How far the server's clock is from this machine's. */
export class ServerClock {
  readonly #clock: Clock
  #samples: { readonly roundTripMs: number, readonly offset: number }[] = []

  constructor (clock: Clock) { this.#clock = clock }

  /** The answer to a question asked at `sent`, by this machine's `now()`. It was on its way for as long as the question, or so one hopes. */
  answer (sent: number, wall: number): void {
    const now = this.#clock.now()
    this.#samples = [...this.#samples, { roundTripMs: now - sent, offset: wall - (sent + now) / 2 }].slice(-MAX_SAMPLES)
  }

  /** Milliseconds since 1970 by the server's clock; by this machine's before the first answer. */
  wall (): number {
    const [best] = [...this.#samples].sort((a, b) => a.roundTripMs - b.roundTripMs)
    return best ? this.#clock.now() + best.offset : this.#clock.wall()
  }

  /** What the server's clock shows, less what this machine's shows. */
  get offset (): number { return this.wall() - this.#clock.wall() }
}
