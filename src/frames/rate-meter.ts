const WINDOW_MS = 5_000
/** A rate over a shorter time would be a guess. */
const MIN_WINDOW_MS = 1_000
/** Remove old times once in this many frames. With every frame, that would cost as much as everything else. */
const FRAMES_PER_CLEANUP = 64

/** The rate over the last five seconds, or since the first frame. */
export class RateMeter {
  readonly #times: number[] = []
  #firstAt: number | undefined

  /** Counts a frame that arrived at `at`, in milliseconds, which never goes back. */
  count (at: number): void {
    this.#firstAt ??= at
    if (this.#times.push(at) % FRAMES_PER_CLEANUP === 0) this.#cleanUp(at)
  }

  /** Frames per second, to a tenth; 0 after a whole window without frames. While the window fills, the rate so far. */
  fps (now: number): number {
    this.#cleanUp(now)
    const [first] = this.#times
    if (this.#firstAt === undefined || first === undefined) return 0
    const count = this.#times.length
    const intervalMs = count > 1 ? (this.#times[count - 1]! - first) / (count - 1) : 0 // the first frame's own interval counts too
    return Math.round(10_000 * count / Math.min(WINDOW_MS, Math.max(now - this.#firstAt + intervalMs, MIN_WINDOW_MS))) / 10
  }

  #cleanUp (now: number): void {
    const first = this.#times.findIndex(at => at > now - WINDOW_MS)
    this.#times.splice(0, first < 0 ? Infinity : first)
  }
}
