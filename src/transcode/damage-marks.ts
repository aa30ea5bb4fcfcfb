/** ffmpeg counts most of the delimiter that ends a picture as part of the next one: up to this many bytes. */
export const MAX_DELIMITER_BYTES = 8
/** ffmpeg holds fewer pictures: 32 that it has not taken, 24 in its queues, 16 for reordering. */
const MAX_PICTURES_INSIDE = 128
/** A picture comes out at most this many places later or earlier than it went in: the size of a decoder's buffer. */
const MAX_REORDERED_PICTURES = 16

/** A picture written to ffmpeg: its time, and from which position in ffmpeg's input. */
interface Written { readonly at: number, readonly from: number, readonly damaged: boolean, shown: boolean }

/** What a JPEG is made from: whether its original was, or may have been, damaged, and its original's time, if that was announced. */
export interface Original { readonly damaged: boolean, readonly at: number | undefined }

/**
 * Finds out from which picture each of an ffmpeg's JPEGs is made. ffmpeg announces the original of each JPEG on another pipe. A JPEG
 * that arrives before its announcement counts as damaged if it may be.
 */
export class DamageMarks {
  readonly #written: Written[] = []
  /** The originals of JPEGs that were announced, but have not arrived. */
  readonly #announced: Original[] = []
  /** JPEGs that arrived before their announcement. */
  #early = 0

  write (at: number, from: number, damaged: boolean): void {
    if (this.#written.length === MAX_PICTURES_INSIDE) this.#written.shift()
    this.#written.push({ at, from, damaged, shown: false })
  }

  /** Call it when ffmpeg announces a JPEG of the picture with this time. */
  announceTime (at: number): void {
    this.#announce(picture => picture.at === at)
  }

  /** Call it when ffmpeg announces a JPEG of the picture at this position of its input. */
  announcePosition (position: number): void {
    const picture = this.#written.findLast(({ from }) => from <= position)
    this.#announce(other => other === picture)
  }

  /** Call it for each JPEG. */
  next (): Original {
    const announced = this.#announced.shift()
    if (announced !== undefined) return announced
    this.#early++
    return { damaged: this.#mayBeDamaged, at: undefined }
  }

  /** Whether a picture that has not come out yet is damaged. */
  get #mayBeDamaged (): boolean { return this.#written.some(({ damaged, shown }) => damaged && !shown) }

  /** Several pictures match if they arrived in the same millisecond. */
  #announce (matches: (picture: Written) => boolean): void {
    const pictures = this.#written.filter(matches)
    const damaged = pictures.length > 0 ? pictures.some(({ damaged }) => damaged) : this.#mayBeDamaged
    if (this.#early > 0) this.#early--
    else this.#announced.push({ damaged, at: pictures[0]?.at })
    for (const picture of pictures) picture.shown = true
    this.#written.splice(0, this.#written.findLastIndex(matches) - MAX_REORDERED_PICTURES)
  }
}
