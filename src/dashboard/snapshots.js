import { browserClock } from './clock.js'

/** @typedef {{ id: string, dueAt: number, failures: number, request: AbortController | null }} Turn */

const LEFT = new Error('nobody looks at this picture any more')

/**
 * Whose turn it is to fetch a picture. A browser opens six HTTP/1.1 connections per host, shared by all its tabs: a
 * stream for every tile would leave none for the seventh camera, the buttons or /status. So the tiles of a page share
 * two connections, one short request after the other, and whoever has waited longest goes next.
 */
export class SnapshotTurns {
  /** @type {Map<string, Turn>} */
  #turns = new Map()
  /** @type {Set<Turn>} */
  #flying = new Set()
  #paused = false
  #nextStartAt = 0
  #cancelTimer = () => {}
  #take
  #limits
  #clock

  /**
   * @param {(id: string, signal: AbortSignal) => Promise<void>} take fetches and shows one picture; must end soon after an abort
   * @param {{ slots?: number, suspectSlots?: number, everyMs?: number, paceMs?: number, timeoutMs?: number }} [limits]
   *   requests at once; of these, for cameras whose last request failed; least time between two pictures of one
   *   camera, and of any two; when a request is given up
   * @param {import('./clock.js').Clock} [clock]
   */
  constructor (take, limits = {}, clock = browserClock) {
    this.#take = take
    this.#limits = { slots: 2, suspectSlots: 1, everyMs: 200, paceMs: 40, timeoutMs: 4_000, ...limits }
    this.#clock = clock
  }

  /** @param {string} id */
  want (id) {
    if (this.#turns.has(id)) return
    this.#turns.set(id, { id, dueAt: this.#clock.now(), failures: 0, request: null })
    this.#next()
  }

  /** @param {string} id */
  leave (id) {
    this.#turns.get(id)?.request?.abort(LEFT)
    this.#turns.delete(id)
  }

  pause () {
    this.#paused = true
    this.makeWay()
  }

  /** Gives up the requests under way, so that a press of a button does not queue behind pictures that hang. */
  makeWay () {
    for (const turn of this.#flying) turn.request?.abort(LEFT)
  }

  resume () {
    this.#paused = false
    this.#next()
  }

  #next () {
    this.#cancelTimer()
    while (!this.#paused && this.#flying.size < this.#limits.slots) {
      const turn = this.#longestWaiting()
      if (turn === undefined) return
      const now = this.#clock.now()
      const startAt = Math.max(turn.dueAt, this.#nextStartAt)
      if (startAt > now) {
        this.#cancelTimer = this.#clock.after(startAt - now, () => this.#next())
        return
      }
      this.#nextStartAt = now + this.#limits.paceMs
      this.#fly(turn, now)
    }
  }

  #longestWaiting () {
    const suspects = [...this.#flying].filter(turn => turn.failures > 0).length
    const mayFly = [...this.#turns.values()].filter(turn =>
      !this.#flying.has(turn) && (turn.failures === 0 || suspects < this.#limits.suspectSlots))
    return mayFly.sort((a, b) => a.dueAt - b.dueAt)[0]
  }

  /**
   * @param {Turn} turn
   * @param {number} now
   */
  async #fly (turn, now) {
    const { everyMs, timeoutMs } = this.#limits
    const request = turn.request = new AbortController()
    const landInTime = this.#clock.after(timeoutMs, () => request.abort())
    this.#flying.add(turn)
    try {
      await this.#take(turn.id, request.signal)
      turn.failures = 0
      turn.dueAt = now + everyMs
    } catch {
      // The reason is /status's to tell; here it only makes the camera wait longer for its next turn.
      if (request.signal.reason !== LEFT) turn.failures++
      turn.dueAt = this.#clock.now() + (turn.failures === 0 ? 0 : Math.min(1_000 * 2 ** (turn.failures - 1), 10_000))
    } finally {
      landInTime()
      turn.request = null
      this.#flying.delete(turn)
      this.#next()
    }
  }
}
