/** A rate that was too high is forgotten so long after (milliseconds). */
const FORGOTTEN_AFTER = 10_000

/** `since` is the clock's; `dropped` counts pictures since then. */
export interface Overload { readonly since: number, readonly dropped: number }

/** Which pictures were left out lately, because ffmpeg takes less than the camera sends. */
export class DropCounter {
  #overload: Overload & { last: number } | undefined

  add (pictures: number, now: number): void {
    const { since, dropped } = this.overload(now) ?? { since: now, dropped: 0 }
    this.#overload = { since, dropped: dropped + pictures, last: now }
  }

  /** Undefined while ffmpeg keeps up. */
  overload (now: number): Overload | undefined {
    if (this.#overload && now - this.#overload.last > FORGOTTEN_AFTER) this.#overload = undefined
    return this.#overload
  }
}
