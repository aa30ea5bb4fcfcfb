/**
 * Limits a stream's rate without delaying it: the generic cell rate algorithm (ITU-T I.371). The tolerance is one interval, so that a
 * camera at exactly that rate loses nothing when it jitters.
 */
export class Pacer {
  readonly fps: number
  readonly #intervalMs: number
  #dueAt = -Infinity

  /** `fps` is the highest average rate, in frames per second. */
  constructor (fps: number) {
    this.fps = fps
    this.#intervalMs = 1000 / fps
  }

  /** Whether to accept the frame that arrived at `at`, in milliseconds, which never goes back. */
  admits (at: number): boolean {
    if (!this.isDue(at)) return false
    this.#dueAt = Math.max(this.#dueAt, at) + this.#intervalMs
    return true
  }

  /** Returns what `admits` would, without accepting the frame. */
  isDue (at: number): boolean { return at >= this.#dueAt - this.#intervalMs }

  /** Notes that a frame was accepted at `at`, due or not. The next one is due an interval later. */
  restart (at: number): void {
    this.#dueAt = at + 2 * this.#intervalMs
  }
}
