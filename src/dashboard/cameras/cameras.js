import { browserClock } from '../clock.js'
import { Poll, TIMEOUT } from '../poll.js'
import { sharedFeed } from './shared-feed.js'

/**
 * @typedef {import('../api.js').Camera} Camera
 * @typedef {import('../api.js').Known} Known
 * @typedef {import('./feed.js').CameraState} CameraState
 */

/** camgate tells something every two seconds. */
const ALIVE_MS = 5_000
/** @type {NonNullable<Camera['decoder']>} */
const NEW_DECODER = { name: null, state: 'idle', since: '', failure: null, nextRetryAt: null, for: null, notes: [], overloaded: null }

/**
 * The newest that is known of the cameras. Asks /status every second, for everything, and listens to /events, for what changes: at once, also while
 * the tab is hidden, and with all connections of the browser in use. Where a proxy keeps events back, the answers of /status are enough.
 */
export class Cameras {
  #poll
  #feed
  #answered
  #clock
  /** @type {Known | null} */
  #known = null
  #skewMs = 0
  /** What has been told since the last request was sent: its answer may be older. @type {Map<string, Partial<CameraState>>} */
  #told = new Map()
  /** Their order, if that has been told since the last request. @type {readonly string[] | null} */
  #order = null
  #aliveAt = -Infinity
  #isAsking = false

  /**
   * @param {(signal: AbortSignal) => Promise<Known | null>} fetch null for somebody who may not see cameras
   * @param {(answer: { value: Known | null } | { error: Error }) => void} answered called whenever something new is known
   * @param {(tell: (news: import('./feed.js').News) => void) => import('./shared-feed.js').NewsSource} [listen]
   * @param {import('../clock.js').Clock} [clock]
   */
  constructor (fetch, answered, listen = sharedFeed, clock = browserClock) {
    this.#answered = answered
    this.#clock = clock
    this.#poll = new Poll(signal => {
      this.#told.clear()
      this.#order = null
      return fetch(signal)
    }, answer => this.#take(answer), {}, clock)
    this.#feed = listen(news => this.#hear(news))
  }

  /** Asks /status at once. Resolves with its answer. */
  now () {
    this.#isAsking = true
    if (this.#known !== null) this.#feed.start()
    return this.#poll.now()
  }

  /** Asks /status no longer; changes are told further on. */
  stop () {
    this.#isAsking = false
    this.#poll.stop()
  }

  get #isAlive () { return this.#clock.now() - this.#aliveAt < ALIVE_MS }

  /** @param {{ value: Known | null } | { error: Error }} answer */
  #take (answer) {
    if ('error' in answer) {
      if (answer.error === TIMEOUT && this.#isAlive) return // pictures have all the connections of the browser
    } else if (answer.value === null) {
      this.#known = null
      this.#feed.stop()
    } else {
      if (this.#known === null) this.#feed.renew()
      const { report, serverNow } = answer.value
      this.#skewMs = serverNow - Date.now()
      for (const [id, state] of this.#told) merge(report.cameras, id, state)
      this.#known = this.#order === null ? answer.value : { report: inOrder(report, this.#order), serverNow }
    }
    this.#answered('value' in answer ? { value: this.#known } : answer)
  }

  /** @param {import('./feed.js').News} news */
  #hear (news) {
    const wasAlive = this.#isAlive
    this.#aliveAt = news.kind === 'lost' ? -Infinity : this.#clock.now()
    if (news.kind === 'lost' && wasAlive && this.#isAsking) this.#poll.now()
    if (news.kind === 'lost' || news.kind === 'time') return
    if (news.kind === 'cameras') {
      this.#hearOrder(news.data.order)
      return
    }
    const told = toldBy(news)
    for (const [id, state] of told) this.#told.set(id, { ...this.#told.get(id), ...state })
    if (this.#known === null) return
    const cameras = { ...this.#known.report.cameras }
    for (const [id, state] of told) merge(cameras, id, state)
    this.#known = { report: { ...this.#known.report, cameras }, serverNow: Date.now() + this.#skewMs }
    this.#answered({ value: this.#known })
  }

  /**
   * New cameras appear once /status describes them.
   * @param {readonly string[]} order
   */
  #hearOrder (order) {
    this.#order = order
    if (this.#known === null) return
    const { report } = this.#known
    if (order.some(id => !Object.hasOwn(report.cameras, id)) && this.#isAsking) this.#poll.now()
    if (order.join() === report.order.join()) return
    this.#known = { report: inOrder(report, order), serverNow: Date.now() + this.#skewMs }
    this.#answered({ value: this.#known })
  }
}

/**
 * The cameras in this order, without those that are gone.
 * @param {import('../api.js').Report} report
 * @param {readonly string[]} ids
 */
function inOrder (report, ids) {
  const order = ids.filter(id => Object.hasOwn(report.cameras, id))
  return { ...report, order, cameras: Object.fromEntries(order.map(id => [id, /** @type {Camera} */ (report.cameras[id])])) }
}

/**
 * @param {Exclude<import('./feed.js').News, { kind: 'cameras' | 'time' | 'lost' }>} news
 * @returns {[id: string, state: Partial<CameraState>][]}
 */
function toldBy ({ kind, data }) {
  if (kind === 'all') return Object.entries(data.cameras)
  const { id, ...state } = data
  return [[id, state]]
}

/**
 * @param {Record<string, Camera>} cameras
 * @param {string} id
 * @param {Partial<CameraState>} state
 */
function merge (cameras, id, { decoder, ...state }) {
  const camera = Object.hasOwn(cameras, id) && cameras[id]
  if (!camera) return // the next answer of /status has it, or it is gone
  cameras[id] = {
    ...camera,
    ...state,
    decoder: decoder === undefined ? camera.decoder : decoder && { ...NEW_DECODER, ...camera.decoder, ...decoder }
  }
}
