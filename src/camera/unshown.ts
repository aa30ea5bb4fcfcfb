/** A decoder holds fewer back to put them in order. */
const MOST = 64
/** How much the newest one counts in the time that pictures take. */
const NEWEST_SHARE = 1 / 2
/** What comes out behind so long without a picture given may have waited for that one, to be put in order. */
const PAUSE = 1_000

/**
 * What is inside an ffmpeg with a thread for each step: such a one has taken a picture long before it shows it, up to 24 of them. Times are
 * milliseconds. One that does not tell what it shows is taken to show all at once.
 */
export class Unshown {
  /** From one that is shown to the next, at least. */
  readonly #interval: number
  /** When those were given that came behind the last one shown. */
  #given: number[] = []
  #shown: { given: number, at: number } | undefined
  #resumed = 0
  /** How long ffmpeg is about what it shows, lately. */
  #perPicture = 0

  constructor (fps: number) {
    this.#interval = 1_000 / fps
  }

  give (at: number): void {
    if (at - (this.#given.at(-1) ?? at) > PAUSE) this.#resumed = at
    this.#given.push(at)
    if (this.#given.length > MOST) this.#given.shift()
  }

  /** The picture that was given then has come out: others before it, too, or they never will. The first one says nothing of the pace: a process had to start. */
  show (given: number, now: number): void {
    if (this.#shown) this.#perPicture += NEWEST_SHARE * (now - Math.max(given, this.#shown.at, this.#resumed) - this.#perPicture)
    this.#shown = { given, at: now }
    this.#given = this.#given.filter(at => at > given)
  }

  /** In how long the last one that was given will have come out, if all goes on as it does. */
  delay (now: number): number {
    const last = this.#given.at(-1)
    if (!this.#shown || last === undefined) return 0
    const pictures = Math.min(this.#given.length, Math.ceil((last - this.#shown.given) / this.#interval))
    return Math.max(0, last + pictures * this.#perPicture - now)
  }
}
