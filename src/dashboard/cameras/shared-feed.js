import { Feed } from './feed.js'

/**
 * `start`: does not wait for the next try; `renew`: for another user.
 * @typedef {{ start(): void, renew(): void, stop(): void }} NewsSource
 */

/**
 * The feed that all tabs of this browser share. A browser without shared workers (Chromium on Android) has one for each tab that is shown.
 * @param {(news: import('./feed.js').News) => void} tell
 * @returns {NewsSource}
 */
export function sharedFeed (tell) {
  /** @type {NewsSource | null} */
  let own = null
  let isWanted = false
  const worker = openWorker(() => {
    own = ownFeed(tell)
    if (isWanted) own.start()
  })
  if (worker === null) return ownFeed(tell)
  const { port } = worker
  port.addEventListener('message', ({ data }) => tell(data))
  port.start()
  /** @param {'start' | 'renew' | 'stop'} verb */
  const say = verb => {
    isWanted = verb !== 'stop'
    if (own === null) port.postMessage(verb)
    else own[verb]()
  }
  // A worker is not told when a tab is closed.
  window.addEventListener('pagehide', () => port.postMessage('stop'))
  window.addEventListener('pageshow', event => { if (event.persisted && isWanted) say('start') })
  return { start: () => say('start'), renew: () => say('renew'), stop: () => say('stop') }
}

/** @param {() => void} failed called if the worker's script cannot run */
function openWorker (failed) {
  if (typeof globalThis.SharedWorker === 'undefined') return null
  try {
    const worker = new globalThis.SharedWorker(trusted(new URL('cameras/feed-worker.js', document.baseURI).href), { type: 'module', name: 'camgate' })
    worker.addEventListener('error', failed, { once: true })
    return worker
  } catch {
    return null // a frame without storage, for example
  }
}

/**
 * The policy of the page allows no other address of a script to be made of text.
 * @param {string} url
 */
function trusted (url) {
  const { trustedTypes } = /** @type {{ trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }} */ (/** @type {unknown} */ (globalThis))
  return trustedTypes ? trustedTypes.createPolicy('camgate-events', { createScriptURL: (/** @type {string} */ url) => url }).createScriptURL(url) : url
}

/**
 * @param {(news: import('./feed.js').News) => void} tell
 * @returns {NewsSource}
 */
function ownFeed (tell) {
  const feed = new Feed(tell)
  let isWanted = false
  const follow = () => {
    if (isWanted && !document.hidden) feed.start()
    else feed.stop()
  }
  document.addEventListener('visibilitychange', follow)
  return {
    start () {
      isWanted = true
      follow()
    },
    renew () {
      feed.stop()
      this.start()
    },
    stop () {
      isWanted = false
      follow()
    }
  }
}
