import { browserClock } from './clock.js'

/**
 * @typedef {import('./api.js').Verb} Verb
 * @typedef {Pick<import('./api.js').Camera, 'state' | 'since'>} Known
 * @typedef {{ verb: Verb | null, problem: string, since?: string | undefined }} Wish
 *   verb: what was asked for and is not yet known to be true; since: the camera's, when there was a problem
 */

const TIMEOUT = new Error('camgate took too long to answer')
/** @type {Wish} */
const NONE = { verb: null, problem: '' }

/** What was asked of each camera with a button: one wish per camera at a time. */
export class Wishes {
  /** @type {Map<string, Wish>} */
  #wishes = new Map()
  /** @type {Map<string, Known>} */
  #known = new Map()
  #ask
  #learn
  #changed
  #timeoutMs
  #clock

  /**
   * @param {(verb: Verb, id: string, signal: AbortSignal) => Promise<void>} ask
   * @param {() => Promise<unknown>} learn what became true; a wish is open until then
   * @param {() => void} changed
   * @param {number} [timeoutMs]
   * @param {import('./clock.js').Clock} [clock]
   */
  constructor (ask, learn, changed, timeoutMs = 15_000, clock = browserClock) {
    this.#ask = ask
    this.#learn = learn
    this.#changed = changed
    this.#timeoutMs = timeoutMs
    this.#clock = clock
  }

  /** @param {string} id */
  of (id) {
    return this.#wishes.get(id) ?? NONE
  }

  /**
   * How the camera is now. A problem is over once the camera has changed.
   * @param {string} id
   * @param {Known} camera
   */
  see (id, camera) {
    this.#known.set(id, camera)
    const { problem, since } = this.of(id)
    if (problem !== '' && camera.since !== since) this.#wishes.delete(id)
  }

  /**
   * Does nothing while an earlier wish for the same camera is open.
   * @param {Verb} verb
   * @param {string} id
   */
  async press (verb, id) {
    if (this.of(id).verb !== null) return
    const before = this.#known.get(id)
    this.#set(id, { verb, problem: '' })
    const request = new AbortController()
    const inTime = this.#clock.after(this.#timeoutMs, () => request.abort(TIMEOUT))
    let problem = ''
    try {
      await this.#ask(verb, id, request.signal)
    } catch (thrown) {
      problem = sentence(verb, thrown)
    }
    inTime()
    await this.#learn()
    const now = this.#known.get(id)
    if (isGranted(verb, before, now)) problem = '' // the answer alone was lost
    this.#set(id, { verb: null, problem, since: now?.since })
  }

  /**
   * @param {string} id
   * @param {Wish} wish
   */
  #set (id, wish) {
    this.#wishes.set(id, wish)
    this.#changed()
  }
}

/**
 * Whether the camera is as it was wished to be.
 * @param {Verb} verb
 * @param {Known} [before]
 * @param {Known} [now]
 */
function isGranted (verb, before, now) {
  if (verb === 'stop') return now?.state === 'stopped'
  return now !== undefined && now.since !== before?.since && now.state !== 'stopped' && now.state !== 'stopping'
}

/**
 * @param {Verb} verb
 * @param {unknown} thrown fetch throws a TypeError when there was no answer at all, in words of the browser's own
 */
function sentence (verb, thrown) {
  const why = thrown instanceof TypeError || !(thrown instanceof Error) ? 'camgate does not answer' : thrown.message
  return `Could not ${verb} it: ${why}`
}
