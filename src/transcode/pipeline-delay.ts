import { Pace } from './pace.js'

/** More than a decoder holds back for reordering. */
const MAX_PICTURES = 128
/** The pictures whose pace is measured. */
const PACE_PICTURES = 3
/** Weight of the newest picture in the average time per picture. */
const NEWEST_WEIGHT = 1 / 2
/** With each picture that comes out, the estimated number of those held back may rise by this fraction. */
const HELD_RISE = 1 / 16

/**
 * Estimates the delay inside an ffmpeg that has a thread for each step: it accepts up to 24 pictures long before it shows them. Times are
 * in milliseconds; a picture's is when it arrived. If ffmpeg does not report what it shows, the delay counts as zero.
 */
export class PipelineDelay {
  /** The shortest time between two shown pictures. */
  readonly #interval: number
  /** The times of the pictures after the last shown one. */
  #written: number[] = []
  #shown: { written: number, at: number } | undefined
  /** How many pictures ffmpeg holds back for reordering, however fast it is: the fewest that were inside recently. */
  #held = Infinity
  /** Recent average time that ffmpeg takes for a picture that it shows. */
  #perPicture = 0
  readonly #pace = new Pace(PACE_PICTURES)

  /** `fps` is the highest rate at which ffmpeg shows pictures. */
  constructor (fps: number) {
    this.#interval = 1_000 / fps
  }

  /** Recent average time that ffmpeg takes for a picture, shown or not, without a single hitch; 0 while unknown. */
  get steadyMsPerPicture (): number { return this.#pace.msPerPicture }

  write (at: number): void {
    this.#written.push(at)
    if (this.#written.length > MAX_PICTURES) this.#written.shift()
  }

  /** Call it when the picture written at this time comes out. Earlier ones have come out, or never will. The first one is not timed, because the process had to start. */
  show (written: number, now: number): void {
    const last = this.#written.at(-1) ?? written
    const before = this.#written.length
    this.#written = this.#written.filter(at => at > written)
    this.#held = Math.min(this.#written.length, this.#held + HELD_RISE)
    if (this.#shown) {
      const came = this.#written.length <= this.#held ? last : written // pictures held back waited for that one
      const ms = now - Math.max(came, this.#shown.at)
      this.#perPicture += NEWEST_WEIGHT * (ms - this.#perPicture)
      this.#pace.add(ms / Math.max(1, before - this.#written.length))
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
