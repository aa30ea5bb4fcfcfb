/** The median of this many intervals: a lost key picture, or one sent on request, does not change it. */
const INTERVALS = 5

/** The time between a camera's key pictures. */
export class KeyInterval {
  #intervals: number[] = []
  #keyAt: number | undefined
  #newestAt = 0

  note ({ key, at }: { readonly key: boolean, readonly at: number }): void {
    this.#newestAt = at
    if (!key) return
    if (this.#keyAt !== undefined) this.#intervals = [...this.#intervals, at - this.#keyAt].slice(-INTERVALS)
    this.#keyAt = at
  }

  /**
   * Undefined before the second key picture. Cameras stretch it while nothing moves (H.264+): if pictures have come for longer than the usual
   * interval without a key picture, that longer time counts.
   */
  get ms (): number | undefined {
    if (this.#keyAt === undefined || this.#intervals.length === 0) return undefined
    const median = this.#intervals.toSorted((one, other) => one - other)[this.#intervals.length >> 1]!
    return Math.round(Math.max(median, this.#newestAt - this.#keyAt))
  }
}
