/** More than a decoder holds back for reordering. */
const MAX_PICTURES = 64
/** Weight of the newest picture in the average time per picture. */
const NEWEST_WEIGHT = 1 / 2
/** With each picture that comes out, the estimated number of those held back may rise by this fraction. */
const HELD_RISE = 1 / 16

/**
 * Estimates the delay inside an ffmpeg that has a thread for each step: it accepts up to 24 pictures long before it shows them. Times are
 * in milliseconds. If ffmpeg does not report what it shows, the delay counts as zero.
 */
export class PipelineDelay {
  /** The shortest time between two shown pictures. */
  readonly #interval: number
  /** When the pictures after the last shown one were written. */
  #written: number[] = []
  #shown: { written: number, at: number } | undefined
  /** How many pictures ffmpeg holds back for reordering, however fast it is: the fewest that were inside recently. */
  #held = Infinity
  /** Recent average time that ffmpeg takes for a picture that it shows. */
  #perPicture = 0

  /** `fps` is the highest rate at which ffmpeg shows pictures. */
  constructor (fps: number) {
    this.#interval = 1_000 / fps
  }

  write (at: number): void {
    this.#written.push(at)
    if (this.#written.length > MAX_PICTURES) this.#written.shift()
  }

  /** Call it when the picture written at this time comes out. Earlier ones have come out, or never will. The first one is not timed, because the process had to start. */
  show (written: number, now: number): void {
    const last = this.#written.at(-1) ?? written
    this.#written = this.#written.filter(at => at > written)
    this.#held = Math.min(this.#written.length, this.#held + HELD_RISE)
    if (this.#shown) {
      const came = this.#written.length <= this.#held ? last : written // pictures held back waited for that one
      this.#perPicture += NEWEST_WEIGHT * (now - Math.max(came, this.#shown.at) - this.#perPicture)
    }
    this.#shown = { written, at: now }
  }

  /** How long it will take until the last written picture comes out, at the current pace. */
  delay (now: number): number {
    const last = this.#written.at(-1)
    if (!this.#shown || last === undefined) return 0
    const pictures = Math.min(this.#written.length, Math.ceil((last - this.#shown.written) / this.#interval)) - this.#held
    return Math.max(0, last + Math.max(0, pictures) * this.#perPicture - now)
  }
}
