import { browserClock } from './clock.js'

export const TIMEOUT = new Error('it took too long to answer')
const SUPERSEDED = new Error('a newer request was sent')

/**
 * Repeats one request, one at a time: a second after each answer, or at once on `now()`.
 * @template T
 */
export class Poll {
  /** @type {AbortController | null} */
  #request = null
  /** @type {(() => void)[]} */
  #waiting = []
  #cancelTimer = () => {}
  #fetch
  #answered
  #limits
  #clock

  /**
   * @param {(signal: AbortSignal) => Promise<T>} fetch
   * @param {(answer: { value: T } | { error: Error }) => void} answered
   * @param {{ everyMs?: number, timeoutMs?: number }} [limits]
   * @param {import('./clock.js').Clock} [clock]
   */
  constructor (fetch, answered, limits = {}, clock = browserClock) {
    this.#fetch = fetch
    this.#answered = answered
    this.#limits = { everyMs: 1_000, timeoutMs: 4_000, ...limits }
    this.#clock = clock
  }

  /** Sends a request at once. Drops an answer that has not arrived yet, because it may predate the caller's change. */
  now () {
    const done = new Promise(resolve => this.#waiting.push(() => resolve(undefined)))
    this.stop()
    this.#send()
    return done
  }

  stop () {
    this.#cancelTimer()
    this.#request?.abort(SUPERSEDED)
    this.#request = null
  }

  async #send () {
    const request = this.#request = new AbortController()
    const cancelTimeout = this.#clock.after(this.#limits.timeoutMs, () => request.abort(TIMEOUT))
    /** @type {{ value: T } | { error: Error }} */
    let answer
    try {
      answer = { value: await this.#fetch(request.signal) }
    } catch (thrown) {
      answer = { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
    }
    cancelTimeout()
    if (request !== this.#request) return
    this.#request = null
    this.#cancelTimer = this.#clock.after(this.#limits.everyMs, () => this.#send())
    this.#answered(answer)
    for (const done of this.#waiting.splice(0)) done()
  }
}
