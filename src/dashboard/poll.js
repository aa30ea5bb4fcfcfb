import { browserClock } from './clock.js'

const TIMEOUT = new Error('it took too long to answer')
const SUPERSEDED = new Error('a newer question was asked')

/**
 * Asks the same question again and again, one at a time: a second after each answer, or at once on `now()`.
 * @template T
 */
export class Poll {
  /** @type {AbortController | null} */
  #request = null
  /** @type {(() => void)[]} */
  #waiting = []
  #cancelTimer = () => {}
  #question
  #answered
  #limits
  #clock

  /**
   * @param {(signal: AbortSignal) => Promise<T>} question
   * @param {(answer: { value: T } | { error: Error }) => void} answered
   * @param {{ everyMs?: number, timeoutMs?: number }} [limits]
   * @param {import('./clock.js').Clock} [clock]
   */
  constructor (question, answered, limits = {}, clock = browserClock) {
    this.#question = question
    this.#answered = answered
    this.#limits = { everyMs: 1_000, timeoutMs: 4_000, ...limits }
    this.#clock = clock
  }

  /** Asks at once. An answer that is still under way may be older than what the caller just did: it is dropped. */
  now () {
    const done = new Promise(resolve => this.#waiting.push(() => resolve(undefined)))
    this.stop()
    this.#ask()
    return done
  }

  stop () {
    this.#cancelTimer()
    this.#request?.abort(SUPERSEDED)
    this.#request = null
  }

  async #ask () {
    const request = this.#request = new AbortController()
    const inTime = this.#clock.after(this.#limits.timeoutMs, () => request.abort(TIMEOUT))
    /** @type {{ value: T } | { error: Error }} */
    let answer
    try {
      answer = { value: await this.#question(request.signal) }
    } catch (thrown) {
      answer = { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
    }
    inTime()
    if (request !== this.#request) return
    this.#request = null
    this.#cancelTimer = this.#clock.after(this.#limits.everyMs, () => this.#ask())
    this.#answered(answer)
    for (const done of this.#waiting.splice(0)) done()
  }
}
