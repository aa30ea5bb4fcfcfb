/** What a whole picture tells about the pictures that it refers to, and that refer to it. */
export interface References {
  /** Of RTP: it counts the track's clock and wraps. */
  readonly timestamp: number
  /** No picture refers to it. */
  readonly disposable: boolean
  /** No picture from here on, in whatever order they are shown, refers to one before it (IDR). */
  readonly resets: boolean
  /** After so many more pictures that others refer to, everything is as the camera saw it: 0 for a key picture. Undefined if it does not say. */
  readonly recoversAfter: number | undefined
}

/** As many pictures as a decoder may hold back: more cannot follow a key picture and be shown before it. */
const MAX_LEADING_PICTURES = 16

/**
 * Which pictures of an H.264 or H.265 stream depend on one that was lost: all after it, up to a key picture or a completed
 * recovery point. Nothing came before the first picture, which is as if it had been lost.
 */
export class Damage {
  /** Pictures that lacked a part, and those that depend on something that was lost. */
  count = 0
  #isClean = false
  /** Pictures until the recovery point is complete. */
  #left = Infinity
  #counted: number | undefined
  /** Pictures shown before this timestamp may still depend on what was lost. */
  #cleanFrom: { timestamp: number, pictures: number } | undefined

  /** Whether every picture so far was as the camera saw it. */
  get isClean (): boolean { return this.#isClean }

  /** Something was lost that others may refer to. */
  lose (): void {
    this.#isClean = false
    this.#left = Infinity
    this.#cleanFrom = undefined
  }

  /** A picture lacks a part and is left out. */
  drop (disposable: boolean): void {
    this.count++
    if (!disposable) this.lose()
  }

  /** Takes the next picture that is whole, and returns whether it depends on something that was lost. */
  take (picture: References): boolean {
    if (!this.#isClean) this.#recover(picture)
    const damaged = !this.#isClean || this.#isLeading(picture)
    if (damaged) this.count++
    return damaged
  }

  #recover ({ timestamp, disposable, resets, recoversAfter }: References): void {
    if (!disposable && timestamp !== this.#counted) this.#left-- // two fields are one frame, and have one timestamp
    if (recoversAfter !== undefined) this.#left = Math.min(this.#left, recoversAfter)
    this.#counted = timestamp
    if (this.#left > 0) return
    this.#isClean = true
    this.#cleanFrom = resets ? undefined : { timestamp, pictures: MAX_LEADING_PICTURES }
  }

  /** Whether it was sent after the picture that ended the damage, and is shown before it. */
  #isLeading ({ timestamp }: References): boolean {
    if (this.#cleanFrom === undefined) return false
    const ahead = (timestamp - this.#cleanFrom.timestamp) | 0
    if (ahead > 0 || this.#cleanFrom.pictures-- === 0) this.#cleanFrom = undefined
    return this.#cleanFrom !== undefined && ahead < 0
  }
}
