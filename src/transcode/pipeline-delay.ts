/** A decoder holds fewer back to put them in order. */
const MOST = 64
/** How much the newest one counts in the time that pictures take. */
const NEWEST_SHARE = 1 / 2
/** So much of a picture more may be held back with each that comes out. */
const MORE_HELD = 1 / 16

/**
 * What is inside an ffmpeg with a thread for each step: such a one has taken a picture long before it shows it, up to 24 of them. Times are
 * milliseconds. One that does not tell what it shows is taken to show all at once.
 */
export class PipelineDelay {
  /** From one that is shown to the next, at least. */
  readonly #interval: number
  /** When those were given that came behind the last one shown. */
  #given: number[] = []
  #shown: { given: number, at: number } | undefined
  /** How many it holds back to put them in order, however fast it is: no fewer were inside lately. */
  #held = Infinity
  /** How long ffmpeg is about what it shows, lately. */
  #perPicture = 0

  /** `fps` is how many pictures ffmpeg shows at most. */
  constructor (fps: number) {
    this.#interval = 1_000 / fps
  }

  give (at: number): void {
    this.#given.push(at)
    if (this.#given.length > MOST) this.#given.shift()
  }

  /** The picture that was given then has come out: others before it, too, or they never will. The first one says nothing of the pace: a process had to start. */
  show (given: number, now: number): void {
    const last = this.#given.at(-1) ?? given
    this.#given = this.#given.filter(at => at > given)
    this.#held = Math.min(this.#given.length, this.#held + MORE_HELD)
    if (this.#shown) {
      const came = this.#given.length <= this.#held ? last : given // what was held back waited for that one
      this.#perPicture += NEWEST_SHARE * (now - Math.max(came, this.#shown.at) - this.#perPicture)
    }
    this.#shown = { given, at: now }
  }

  /** In how long the last one that was given will have come out, if all goes on as it does. */
  delay (now: number): number {
    const last = this.#given.at(-1)
    if (!this.#shown || last === undefined) return 0
    const pictures = Math.min(this.#given.length, Math.ceil((last - this.#shown.given) / this.#interval)) - this.#held
    return Math.max(0, last + Math.max(0, pictures) * this.#perPicture - now)
  }
}
