/** An overload ends this long after the last dropped picture. */
const OVERLOAD_EXPIRY_MS = 10_000

/** `since` is the clock's `now()`; `dropped` counts pictures since then. */
export interface Overload { readonly since: number, readonly dropped: number }

/** Counts pictures that were dropped because ffmpeg decodes fewer than the camera sends. */
export class DropCounter {
  /** All since it was made. */
  total = 0
  #overload: Overload & { last: number } | undefined

  add (pictures: number, now: number): void {
    if (pictures === 0) return
    this.total += pictures
    const { since, dropped } = this.overload(now) ?? { since: now, dropped: 0 }
    this.#overload = { since, dropped: dropped + pictures, last: now }
  }

  /** Undefined while ffmpeg keeps up. */
  overload (now: number): Overload | undefined {
    if (this.#overload && now - this.#overload.last > OVERLOAD_EXPIRY_MS) this.#overload = undefined
    return this.#overload
  }
}
