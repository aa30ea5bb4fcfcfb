/** A clock that the test moves. */
export class StillClock {
  #now = 0
  #timers: { at: number, fn: () => void }[] = []

  now = () => this.#now

  after = (ms: number, fn: () => void) => {
    const timer = { at: this.#now + ms, fn }
    this.#timers.push(timer)
    return () => { this.#timers = this.#timers.filter(other => other !== timer) }
  }

  /** Advances by `ms`, fires the timers in order, and lets promises settle after each. */
  async pass (ms: number) {
    const end = this.#now + ms
    await settled()
    for (;;) {
      const [next] = this.#timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#timers = this.#timers.filter(timer => timer !== next)
      this.#now = Math.max(this.#now, next.at)
      next.fn()
      await settled()
    }
    this.#now = end
  }
}

/** setImmediate runs after every pending promise, however long their chain. */
export const settled = () => new Promise<void>(resolve => { setImmediate(resolve) })
