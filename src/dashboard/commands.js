import { whyItFailed } from './api.js'
import { browserClock } from './clock.js'
import { say } from './words/language.js'

/**
 * @typedef {import('./api.js').Verb} Verb
 * @typedef {Pick<import('./api.js').Camera, 'state' | 'since'>} Known
 * @typedef {{ verb: Verb | null, problem: string, since?: string | undefined }} Command
 *   verb: what was asked for and is not known to be done yet; since: the camera's `since` when there was a problem
 */

const TIMEOUT = new Error('no answer in time')
/** @type {Command} */
const NONE = { verb: null, problem: '' }

/** The buttons' commands: one at a time for each camera. */
export class Commands {
  /** @type {Map<string, Command>} */
  #commands = new Map()
  /** @type {Map<string, Known>} */
  #known = new Map()
  /** What to call, for a camera with a pending command, when it has changed. @type {Map<string, (camera: Known) => void>} */
  #watched = new Map()
  #ask
  #refresh
  #changed
  #timeoutMs
  #clock

  /**
   * @param {(verb: Verb, id: string, signal: AbortSignal) => Promise<void>} ask
   * @param {() => Promise<unknown>} refresh fetches the status; a command is pending until then
   * @param {() => void} changed
   * @param {number} [timeoutMs]
   * @param {import('./clock.js').Clock} [clock]
   */
  constructor (ask, refresh, changed, timeoutMs = 15_000, clock = browserClock) {
    this.#ask = ask
    this.#refresh = refresh
    this.#changed = changed
    this.#timeoutMs = timeoutMs
    this.#clock = clock
  }

  /** @param {string} id */
  of (id) {
    return this.#commands.get(id) ?? NONE
  }

  /**
   * Takes the camera's new status. A problem is cleared once the camera has changed.
   * @param {string} id
   * @param {Known} camera
   */
  update (id, camera) {
    this.#known.set(id, camera)
    this.#watched.get(id)?.(camera)
    const { problem, since } = this.of(id)
    if (problem !== '' && camera.since !== since) this.#commands.delete(id)
  }

  /**
   * Does nothing while an earlier command for the same camera is pending.
   * @param {Verb} verb
   * @param {string} id
   */
  async press (verb, id) {
    if (this.of(id).verb !== null) return
    const before = this.#known.get(id)
    this.#set(id, { verb, problem: '' })
    const isDone = this.#isDone(verb, id, before)
    const request = new AbortController()
    const cancelTimeout = this.#clock.after(this.#timeoutMs, () => request.abort(TIMEOUT))
    let problem = ''
    try {
      await Promise.race([this.#ask(verb, id, request.signal), isDone])
    } catch (thrown) {
      problem = sentence(verb, thrown)
    }
    cancelTimeout()
    await Promise.race([this.#refresh(), isDone])
    request.abort() // it may still wait for a connection, and must not come later
    this.#watched.delete(id)
    const now = this.#known.get(id)
    if (hasSucceeded(verb, before, now)) problem = '' // only the answer was lost
    this.#set(id, { verb: null, problem, since: now?.since })
  }

  /**
   * Resolves when the camera is known to be in the state that is asked for, whoever has brought that about.
   * @param {Verb} verb
   * @param {string} id
   * @param {Known} [before]
   * @returns {Promise<void>}
   */
  #isDone (verb, id, before) {
    return new Promise(resolve => this.#watched.set(id, camera => { if (hasSucceeded(verb, before, camera)) resolve() }))
  }

  /**
   * @param {string} id
   * @param {Command} command
   */
  #set (id, command) {
    this.#commands.set(id, command)
    this.#changed()
  }
}

/**
 * Whether the camera is in the state that was asked for.
 * @param {Verb} verb
 * @param {Known} [before]
 * @param {Known} [now]
 */
function hasSucceeded (verb, before, now) {
  if (verb === 'stop') return now?.state === 'stopped'
  return now !== undefined && now.since !== before?.since && now.state !== 'stopped' && now.state !== 'stopping'
}

/**
 * @param {Verb} verb
 * @param {unknown} thrown
 */
function sentence (verb, thrown) {
  const why = thrown === TIMEOUT ? say('noAnswerInTime') : whyItFailed(thrown)
  return say(`${verb}Failed`, { why })
}
