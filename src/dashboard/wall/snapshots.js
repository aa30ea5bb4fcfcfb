import { browserClock } from '../clock.js'

/** @typedef {{ id: string, dueAt: number, failures: number, request: AbortController | null }} Entry */

const INTERRUPTED = new Error('this picture is not needed any more')
const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 10_000

/**
 * Decides which tile fetches its picture next. A browser opens six HTTP/1.1 connections per host, shared by all its tabs: with a
 * stream for each tile, none would be left for the seventh camera, the buttons or /status. So the tiles of a page share
 * two connections for short requests, and the tile that has waited longest is next.
 */
export class SnapshotQueue {
  /** @type {Map<string, Entry>} */
  #entries = new Map()
  /** @type {Set<Entry>} */
  #inFlight = new Set()
  #paused = false
  #nextStartAt = 0
  #cancelTimer = () => {}
  #take
  #limits
  #clock

  /**
   * @param {(id: string, signal: AbortSignal) => Promise<void>} take fetches and shows one picture; must end soon after an abort
   * @param {{ slots?: number, failingSlots?: number, everyMs?: number, paceMs?: number, timeoutMs?: number }} [limits]
   *   requests at once; how many of these may be for cameras whose last request failed; the shortest time between two
   *   pictures of one camera, and between any two; the timeout of a request
   * @param {import('../clock.js').Clock} [clock]
   */
  constructor (take, limits = {}, clock = browserClock) {
    this.#take = take
    this.#limits = { slots: 2, failingSlots: 1, everyMs: 200, paceMs: 40, timeoutMs: 4_000, ...limits }
    this.#clock = clock
  }

  /** @param {string} id */
  add (id) {
    if (this.#entries.has(id)) return
    this.#entries.set(id, { id, dueAt: this.#clock.now(), failures: 0, request: null })
    this.#next()
  }

  /** @param {string} id */
  remove (id) {
    this.#entries.get(id)?.request?.abort(INTERRUPTED)
    this.#entries.delete(id)
  }

  pause () {
    this.#paused = true
    this.interrupt()
  }

  /** Aborts the requests in flight, so that a button's request does not queue after pictures that hang. */
  interrupt () {
    for (const entry of this.#inFlight) entry.request?.abort(INTERRUPTED)
  }

  resume () {
    this.#paused = false
    this.#next()
  }

  #next () {
    this.#cancelTimer()
    while (!this.#paused && this.#inFlight.size < this.#limits.slots) {
      const entry = this.#longestWaiting()
      if (entry === undefined) return
      const now = this.#clock.now()
      const startAt = Math.max(entry.dueAt, this.#nextStartAt)
      if (startAt > now) {
        this.#cancelTimer = this.#clock.after(startAt - now, () => this.#next())
        return
      }
      this.#nextStartAt = now + this.#limits.paceMs
      this.#fetch(entry, now)
    }
  }

  #longestWaiting () {
    const failing = [...this.#inFlight].filter(entry => entry.failures > 0).length
    const ready = [...this.#entries.values()].filter(entry =>
      !this.#inFlight.has(entry) && (entry.failures === 0 || failing < this.#limits.failingSlots))
    return ready.sort((a, b) => a.dueAt - b.dueAt)[0]
  }

  /**
   * @param {Entry} entry
   * @param {number} now
   */
  async #fetch (entry, now) {
    const { everyMs, timeoutMs } = this.#limits
    const request = entry.request = new AbortController()
    const cancelTimeout = this.#clock.after(timeoutMs, () => request.abort())
    this.#inFlight.add(entry)
    try {
      await this.#take(entry.id, request.signal)
      entry.failures = 0
      entry.dueAt = now + everyMs
    } catch {
      // /status reports the reason; here a failure only makes the camera wait longer.
      if (request.signal.reason !== INTERRUPTED) entry.failures++
      entry.dueAt = this.#clock.now() + (entry.failures === 0 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (entry.failures - 1), MAX_RETRY_MS))
    } finally {
      cancelTimeout()
      entry.request = null
      this.#inFlight.delete(entry)
      this.#next()
    }
  }
}
