import type { Clock } from '../src/clock.js'

/** Time that only a test moves. `now()` starts at 0, `wall()` on 1 January 2026. */
export class FakeClock implements Clock {
  #now = 0
  #timers = new Set<{ at: number, fn: () => void }>()

  now (): number { return this.#now }
  wall (): number { return Date.UTC(2026, 0, 1) + this.#now }

  after (ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn }
    this.#timers.add(timer)
    return () => { this.#timers.delete(timer) }
  }

  /** Number of callbacks still to come. */
  get pending (): number { return this.#timers.size }

  /** Moves time on. Calls what becomes due on the way, in order, each at its time. */
  advance (ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [first] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!first) break
      this.#timers.delete(first)
      this.#now = Math.max(this.#now, first.at)
      first.fn()
    }
    this.#now = end
  }
}
