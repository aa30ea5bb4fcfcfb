/**
 * Thins a stream to a rate without shifting it in time: the generic cell rate algorithm (ITU-T I.371), with one interval's
 * tolerance, so that a camera that merely jitters at exactly that rate loses nothing.
 */
export class Pacer {
  readonly #intervalMs: number
  #dueAt = -Infinity

  /** `fps` is the highest rate let through on average, in frames a second. */
  constructor (fps: number) {
    this.#intervalMs = 1000 / fps
  }

  /** Whether the frame that came at `at` (milliseconds, never going back) is to be taken. */
  admits (at: number): boolean {
    if (!this.isDue(at)) return false
    this.#dueAt = Math.max(this.#dueAt, at) + this.#intervalMs
    return true
  }

  /** What `admits` would return; does not take the frame. */
  isDue (at: number): boolean { return at >= this.#dueAt - this.#intervalMs }

  /** A frame was taken at `at`, whether or not one was due: the next one is due an interval later. */
  restart (at: number): void {
    this.#dueAt = at + 2 * this.#intervalMs
  }
}
