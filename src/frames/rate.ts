/** Milliseconds that a rate is taken over. */
const WINDOW = 5_000
/** What is older is forgotten once in so many frames: doing it with each would cost as much as all else that a frame costs. */
const FORGET_EVERY = 64
/** A shorter time says nothing yet. */
const SHORTEST = 1_000

/** How many frames a second came lately, since one attempt's first frame. */
export class RateMeter {
  readonly #times: number[] = []
  #began: number | undefined

  /** A frame came at `at`, milliseconds, never going back. */
  count (at: number): void {
    this.#began ??= at
    if (this.#times.push(at) % FORGET_EVERY === 0) this.#forget(at)
  }

  /** Frames a second, to a tenth; 0 once nothing has come for the whole window. While the window fills, the rate so far. */
  fps (now: number): number {
    this.#forget(now)
    const [first] = this.#times
    if (this.#began === undefined || first === undefined) return 0
    const count = this.#times.length
    const interval = count > 1 ? (this.#times[count - 1]! - first) / (count - 1) : 0 // the first frame's own time counts, too
    return Math.round(10_000 * count / Math.min(WINDOW, Math.max(now - this.#began + interval, SHORTEST))) / 10
  }

  #forget (now: number): void {
    const first = this.#times.findIndex(at => at > now - WINDOW)
    this.#times.splice(0, first < 0 ? Infinity : first)
  }
}
