/** Lets a few tasks run at once and the others wait their turn, in order. */
export class Turnstile {
  #free: number
  readonly #queue: Array<() => void> = []

  constructor (places: number) {
    this.#free = places
  }

  async pass<Result> (task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => { this.#queue.push(resolve) })
    try {
      return await task()
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#free++
    }
  }
}
