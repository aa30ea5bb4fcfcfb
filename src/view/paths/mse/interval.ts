import type { PictureHeader } from '../../../wire/picture-header.js'

const PICTURES = 16
const FIRST_GUESS_MS = 40
const MAX_INTERVAL_MS = 1_000

/** The mean time between a camera's last pictures, in milliseconds, from when they arrived at camgate. Pictures that were skipped on the way count. */
export class Interval {
  #last: Array<Pick<PictureHeader, 'seq' | 'wall'>> = []

  get ms (): number {
    const [first, last] = [this.#last[0], this.#last.at(-1)]
    if (!first || !last || last.seq <= first.seq || last.wall <= first.wall) return FIRST_GUESS_MS
    return (last.wall - first.wall) / (last.seq - first.seq)
  }

  add ({ seq, wall }: Pick<PictureHeader, 'seq' | 'wall'>): void {
    const last = this.#last.at(-1)
    const isNext = last && seq > last.seq && wall - last.wall <= MAX_INTERVAL_MS * (seq - last.seq)
    if (!isNext) this.#last = [] // another source, a camera that was away, or numbers that have wrapped
    this.#last.push({ seq, wall })
    if (this.#last.length > PICTURES) this.#last.shift()
  }
}
