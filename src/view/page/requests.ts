/** Requests to the engine or to camgate that wait for their answers, by number. */
export class Requests {
  readonly #waiting = new Map<number, { resolve (answer: never): void, reject (error: Error): void }>()
  #lastNr = 0

  /** `send` is given the request's number. */
  ask<Answer> (send: (nr: number) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#lastNr, { resolve, reject })
      send(this.#lastNr)
    })
  }

  answer (nr: number, answer: unknown): void { this.#take(nr)?.resolve(answer as never) }

  /** `reason`: in words, for people. */
  fail (nr: number, reason: string): void { this.#take(nr)?.reject(new Error(reason)) }

  failAll (reason: string): void {
    for (const nr of this.#waiting.keys()) this.fail(nr, reason)
  }

  #take (nr: number) {
    const waiting = this.#waiting.get(nr)
    this.#waiting.delete(nr)
    return waiting
  }
}
