/** Of what ends a picture, an access unit delimiter, ffmpeg counts the most to the next one: bytes. */
export const TAIL = 8
/** ffmpeg holds fewer: 24 in its queues, 16 to put them in order. */
const MAX_INSIDE = 64
/** Pictures come out in another order than they go in, by so many at most: the size of a decoder's buffer. */
const MAX_REORDERED = 16

/** A picture that went into ffmpeg: when, and where its bytes began among all that it was given. */
interface Given { readonly at: number, readonly from: number, readonly damaged: boolean, shown: boolean }

/**
 * Which of the JPEGs that come out of an ffmpeg are made of damaged pictures. ffmpeg announces each JPEG by the picture that it is made
 * of, on another pipe than the JPEGs come by: one that comes before its announcement is taken to be damaged if it may be.
 */
export class DamageMarks {
  readonly #given: Given[] = []
  /** Of the JPEGs that were announced and have not come. */
  readonly #announced: boolean[] = []
  /** JPEGs that came unannounced. */
  #early = 0

  give (at: number, from: number, damaged: boolean): void {
    if (this.#given.length === MAX_INSIDE) this.#given.shift()
    this.#given.push({ at, from, damaged, shown: false })
  }

  /** The next JPEG is made of the picture that was given at this time. */
  announceTime (at: number): void {
    this.#announce(picture => picture.at === at)
  }

  /** The next JPEG is made of the picture that ffmpeg read from this place on. */
  announcePosition (position: number): void {
    const picture = this.#given.findLast(({ from }) => from - TAIL <= position)
    this.#announce(other => other === picture)
  }

  /** A JPEG comes: whether it is, or may be, made of a damaged picture. */
  next (): boolean {
    const announced = this.#announced.shift()
    if (announced !== undefined) return announced
    this.#early++
    return this.#mayBeDamaged
  }

  /** Whether anything that has not come out yet is damaged. */
  get #mayBeDamaged (): boolean { return this.#given.some(({ damaged, shown }) => damaged && !shown) }

  /** More than one picture matches where several were given in one millisecond. */
  #announce (matches: (picture: Given) => boolean): void {
    const pictures = this.#given.filter(matches)
    const damaged = pictures.length > 0 ? pictures.some(({ damaged }) => damaged) : this.#mayBeDamaged
    if (this.#early > 0) this.#early--
    else this.#announced.push(damaged)
    for (const picture of pictures) picture.shown = true
    this.#given.splice(0, this.#given.findLastIndex(matches) - MAX_REORDERED)
  }
}
