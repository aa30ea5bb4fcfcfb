/**
 * Thins a stream to a rate without shifting it in time: the generic cell rate algorithm (ITU-T I.371), with one interval's
 * tolerance, so that a camera that is merely jittery at exactly that rate loses nothing.
 */
export class Pacer {
  readonly #interval: number
  #due = -Infinity

  /** `fps` is the highest rate let through on average, in frames a second. */
  constructor (fps: number) {
    this.#interval = 1000 / fps
  }

  /** Whether the frame that came at `at` (milliseconds, never going back) is to be taken. */
  admits (at: number): boolean {
    if (!this.isDue(at)) return false
    this.#due = Math.max(this.#due, at) + this.#interval
    return true
  }

  /** What `admits` would return; the frame is not taken. */
  isDue (at: number): boolean { return at >= this.#due - this.#interval }

  /** A frame was taken at `at`, whether or not one was due: the next one is due an interval later. */
  restart (at: number): void {
    this.#due = at + 2 * this.#interval
  }
}
