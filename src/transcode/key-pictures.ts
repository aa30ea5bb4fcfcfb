/** The time between key pictures until it is known. */
const DEFAULT_INTERVAL_MS = 1_000

/** When key pictures come, and pictures in general. Times are arrivals, in milliseconds. */
export class KeyPictures {
  #keyAt: number | undefined
  #intervalMs: number | undefined
  #newest = -Infinity
  /** Pictures since the last key picture. */
  #since = 0

  note (key: boolean, at: number): void {
    this.#newest = at
    this.#since++
    if (!key) return
    if (this.#keyAt !== undefined) this.#intervalMs = at - this.#keyAt
    this.#keyAt = at
    this.#since = 0
  }

  /** The time between the last two key pictures. */
  get intervalMs (): number { return this.#intervalMs ?? DEFAULT_INTERVAL_MS }

  /** The average time between two pictures of this group; undefined until there are two. */
  get msPerPicture (): number | undefined { return this.#keyAt !== undefined && this.#since > 0 ? (this.#newest - this.#keyAt) / this.#since : undefined }

  /** How long it probably takes until the next key picture. If it is overdue, or the interval is unknown, as long again as the last one was ago. */
  msToNext (now: number): number {
    if (this.#keyAt === undefined) return 0
    const passed = now - this.#keyAt
    return this.#intervalMs !== undefined && passed < this.#intervalMs ? this.#intervalMs - passed : passed
  }
}
