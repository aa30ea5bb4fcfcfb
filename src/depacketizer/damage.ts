/** How a complete picture depends on other pictures, and they on it. */
export interface References {
  /** The RTP timestamp, in units of the track's clock; it wraps. */
  readonly timestamp: number
  /** No picture refers to it. */
  readonly disposable: boolean
  /** Neither it nor any picture sent after it refers to an earlier one (IDR). */
  readonly resets: boolean
  /** The number of further reference pictures until everything is correct again: 0 for a key picture. Undefined if the picture does not contain it. */
  readonly recoversAfter: number | undefined
}

/** A decoder may hold back this many pictures, so no more than these can follow a key picture and be shown before it. */
const MAX_LEADING_PICTURES = 16

/**
 * Tracks which pictures of an H.264 or H.265 stream depend on a lost one: all after it, up to a key picture or a
 * completed recovery point. A stream begins as if pictures had been lost.
 */
export class Damage {
  /** Pictures that lacked a part or depend on something lost. */
  count = 0
  #isClean = false
  /** Reference pictures left until the recovery point is complete. */
  #picturesLeft = Infinity
  /** The timestamp of the last picture counted. */
  #counted: number | undefined
  /** Pictures shown before this timestamp may still depend on the loss; `pictures` is how many of them can follow. */
  #cleanFrom: { timestamp: number, pictures: number } | undefined

  /** Whether new pictures are unaffected by any loss. */
  get isClean (): boolean { return this.#isClean }

  /** Something was lost that other pictures may refer to. */
  lose (): void {
    this.#isClean = false
    this.#picturesLeft = Infinity
    this.#cleanFrom = undefined
  }

  /** A picture lacks a part and is dropped. */
  drop (disposable: boolean): void {
    this.count++
    if (!disposable) this.lose()
  }

  /** Accepts the next complete picture, and returns whether it depends on something lost. */
  take (picture: References): boolean {
    if (!this.#isClean) this.#recover(picture)
    const damaged = !this.#isClean || this.#isLeading(picture)
    if (damaged) this.count++
    return damaged
  }

  #recover ({ timestamp, disposable, resets, recoversAfter }: References): void {
    if (!disposable && timestamp !== this.#counted) this.#picturesLeft-- // two fields of a frame have the same timestamp
    if (recoversAfter !== undefined) this.#picturesLeft = Math.min(this.#picturesLeft, recoversAfter)
    this.#counted = timestamp
    if (this.#picturesLeft > 0) return
    this.#isClean = true
    this.#cleanFrom = resets ? undefined : { timestamp, pictures: MAX_LEADING_PICTURES }
  }

  /** Whether it came after the picture that ended the damage, but is shown before it. */
  #isLeading ({ timestamp }: References): boolean {
    if (this.#cleanFrom === undefined) return false
    const ahead = (timestamp - this.#cleanFrom.timestamp) | 0
    if (ahead > 0 || this.#cleanFrom.pictures-- === 0) this.#cleanFrom = undefined
    return this.#cleanFrom !== undefined && ahead < 0
  }
}
