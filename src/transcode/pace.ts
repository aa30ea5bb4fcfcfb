/** The average time for each of the last pictures, in milliseconds. Once there are enough, leaves out the longest, so that a single hitch does not count. */
export class Pace {
  readonly #samples: number[] = []
  readonly #count: number

  /** `count` is the number of pictures that it averages. */
  constructor (count: number) {
    this.#count = count
  }

  add (ms: number): void {
    this.#samples.push(ms)
    if (this.#samples.length > this.#count) this.#samples.shift()
  }

  /** 0 while unknown. */
  get msPerPicture (): number {
    const { length } = this.#samples
    const sum = this.#samples.reduce((sum, ms) => sum + ms, 0)
    return length < this.#count ? sum / Math.max(1, length) : (sum - Math.max(...this.#samples)) / (length - 1)
  }
}
