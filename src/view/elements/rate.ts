/** Long enough for cameras of one picture a second, short enough to follow changes. */
const WINDOW_MS = 2_500

/** Pictures a second, from counts that come now and then. */
export class Rate {
  #counts: { readonly at: number, readonly count: number }[] = []
  /** The last three times. */
  #times: readonly number[] = []

  note (at: number, count: number): void {
    this.#counts = [...this.#counts.filter(other => at - other.at < WINDOW_MS && other.count <= count), { at, count }]
    this.#times = [...this.#times.slice(-2), at]
  }

  /** 0 once no picture has come for the whole window. */
  at (now: number): number {
    const counts = this.#counts.filter(({ at }) => now - at < WINDOW_MS)
    const [first, last] = [counts[0], counts.at(-1)]
    if (!first || !last || last.at === first.at) return 0
    return (last.count - first.count) * 1_000 / (last.at - first.at)
  }

  /** The time between the last pictures; 0 before the third. Of the last two intervals the shorter one, because the other may have been an outage. */
  get intervalMs (): number {
    const [a, b, c] = this.#times
    return a === undefined || b === undefined || c === undefined ? 0 : Math.min(b - a, c - b)
  }
}
