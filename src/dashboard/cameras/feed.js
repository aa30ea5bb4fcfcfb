import { browserClock } from '../clock.js'

/**
 * @typedef {import('../../stream/status.js').CameraState} CameraState
 * @typedef {import('../../stream/status.js').CameraFigures} CameraFigures
 * @typedef {{ kind: 'all', data: { cameras: Record<string, CameraState> } }
 *   | { kind: 'camera', data: CameraState & { id: string } }
 *   | { kind: 'figures', data: CameraFigures & { id: string } }
 *   | { kind: 'cameras', data: { order: string[] } }
 *   | { kind: 'time', data: { now: string } }
 *   | { kind: 'lost' }} News
 *   lost: until something else comes, changes may go untold
 */

/** @type {Exclude<News['kind'], 'lost'>[]} */
const KINDS = ['all', 'camera', 'figures', 'cameras', 'time']
/** camgate sends something every two seconds. The connection is gone, or a proxy keeps back what comes. */
const SILENT_AFTER_MS = 10_000
/** A worker's addresses are relative to its own file, those of a page to the page. */
const EVENTS_URL = 'document' in globalThis ? 'events' : '../events'
const FIRST_RETRY_MS = 5_000
const MAX_RETRY_MS = 60_000

/** What camgate tells of its cameras (`GET /events`). Tries again for as long as it is started. */
export class Feed {
  #tell
  #open
  #clock
  /** @type {EventSource | null} */
  #source = null
  #failures = 0
  #cancel = () => {}

  /**
   * @param {(news: News) => void} tell
   * @param {(url: string) => EventSource} [open]
   * @param {import('../clock.js').Clock} [clock]
   */
  constructor (tell, open = url => new globalThis.EventSource(url), clock = browserClock) {
    this.#tell = tell
    this.#open = open
    this.#clock = clock
  }

  /** Does not wait for the next try. */
  start () {
    if (this.#source !== null) return
    this.#cancel()
    const source = this.#source = this.#open(EVENTS_URL)
    this.#waitFor(source)
    for (const kind of KINDS) {
      source.addEventListener(kind, event => {
        this.#failures = 0
        this.#waitFor(source)
        this.#tell({ kind, data: JSON.parse(event.data) })
      })
    }
    source.addEventListener('error', () => {
      if (source !== this.#source) return
      if (source.readyState === source.CLOSED) this.#retryLater() // an answer that is not 200; otherwise the browser tries again
      this.#tell({ kind: 'lost' })
    })
  }

  stop () {
    this.#cancel()
    this.#source?.close()
    this.#source = null
  }

  /** @param {EventSource} source */
  #waitFor (source) {
    this.#cancel()
    this.#cancel = this.#clock.after(SILENT_AFTER_MS, () => {
      source.close()
      this.#retryLater()
      this.#tell({ kind: 'lost' })
    })
  }

  #retryLater () {
    this.#cancel()
    this.#source = null
    this.#cancel = this.#clock.after(Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, MAX_RETRY_MS), () => this.start())
  }
}
