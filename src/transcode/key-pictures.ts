import { KeyInterval } from '../coded/key-interval.js'

/** The time between key pictures until it is known. */
const DEFAULT_INTERVAL_MS = 1_000

/** When a transcoder's pictures arrive, and when the next key picture probably will. Times are in milliseconds. */
export class KeyPictures {
  readonly #interval = new KeyInterval()
  #keyAt: number | undefined
  #newestAt = 0
  /** Pictures since the last key picture. */
  #since = 0

  note (picture: { readonly key: boolean, readonly at: number }): void {
    this.#interval.note(picture)
    this.#newestAt = picture.at
    this.#since = picture.key ? 0 : this.#since + 1
    if (picture.key) this.#keyAt = picture.at
  }

  get intervalMs (): number { return this.#interval.ms ?? DEFAULT_INTERVAL_MS }

  /** The average time between two pictures of this group; undefined until there are two. */
  get msPerPicture (): number | undefined { return this.#keyAt !== undefined && this.#since > 0 ? (this.#newestAt - this.#keyAt) / this.#since : undefined }

  /** How long it probably takes until the next key picture. If it is overdue, or the interval is unknown, as long again as the last one was ago. */
  msToNext (now: number): number {
    if (this.#keyAt === undefined) return 0
    const passed = now - this.#keyAt
    const interval = this.#interval.ms
    return interval !== undefined && passed < interval ? interval - passed : passed
  }
}
