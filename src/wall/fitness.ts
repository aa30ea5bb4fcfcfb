/** A tile that was behind so often within this time does not keep up with the camera's video. */
const MAX_BEHIND = 2
const BEHIND_WINDOW_MS = 10_000
/** The video is tried again after this delay. It doubles with each try that fails, and is reset once the video has held. */
const MIN_RETRY_DELAY_MS = 30_000
const MAX_RETRY_DELAY_MS = 300_000
const HELD_AFTER_MS = 60_000
/** A connection that skips pictures of less now has no room for more. */
const STEP_UP_AFTER_DROP_MS = 5_000

/** Whether a tile keeps up with its camera's own video, and when more is tried again after it has not. Times are the clock's `now()`. */
export class Fitness {
  #behindAt: number[] = []
  #retryDelayMs = MIN_RETRY_DELAY_MS
  #level = 0
  #retryAt = -Infinity
  #backAt = -Infinity
  #droppedAt = -Infinity

  /** How many steps down the tile is from the best that it may be given. */
  get level (): number { return this.#level }

  /** The tile had to skip to the next key picture. */
  behind (now: number): void {
    this.#behindAt = [...this.#behindAt.filter(at => now - at < BEHIND_WINDOW_MS), now]
  }

  /** Pictures were skipped. */
  dropped (now: number): void { this.#droppedAt = now }

  isBehind (now: number): boolean {
    return this.#behindAt.filter(at => now - at < BEHIND_WINDOW_MS).length >= MAX_BEHIND
  }

  stepDown (now: number): void {
    this.#behindAt = []
    this.#retryDelayMs = now - this.#backAt < HELD_AFTER_MS ? Math.min(2 * this.#retryDelayMs, MAX_RETRY_DELAY_MS) : MIN_RETRY_DELAY_MS
    this.#retryAt = now + this.#retryDelayMs
    this.#level++
  }

  mayStepUp (now: number): boolean {
    return this.#level > 0 && now >= this.#retryAt && now - this.#droppedAt >= STEP_UP_AFTER_DROP_MS
  }

  stepUp (now: number): void {
    this.#level--
    this.#backAt = now
    this.#retryAt = now + this.#retryDelayMs
  }
}
