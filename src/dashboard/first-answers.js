import { fetchSession, fetchStatus } from './api.js'

/**
 * @typedef {import('./api.js').Session} Session
 * @typedef {typeof HTMLElement & { connect?: () => void }} View
 */

// Runs before the other modules of the page: the answers arrive, and the socket of view.js opens, while the page is made.

const asking = new AbortController()
/** @type {Promise<Session> | null} */
let session = document.hidden ? null : fetchSession(asking.signal)
let status = session?.then(({ right }) => right === null ? null : fetchStatus(asking.signal)) ?? null
session?.then(async ({ right }) => { if (right !== null) /** @type {View} */ (await window.customElements.whenDefined('camgate-view')).connect?.() }).catch(() => {})
status?.catch(() => {}) // whoever takes it learns of it

/** What was asked first would be old by the time somebody looks again. */
document.addEventListener('visibilitychange', forget, { once: true })

/**
 * The answer to what was asked first, once; from then on asks anew.
 * @param {AbortSignal} signal
 */
export function firstSession (signal) {
  const first = session
  session = null
  return first === null ? fetchSession(signal) : abortedBy(signal, first)
}

/** @param {AbortSignal} signal */
export async function firstStatus (signal) {
  const first = status
  status = null
  return (first && await abortedBy(signal, first)) ?? fetchStatus(signal)
}

/**
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} answer
 */
function abortedBy (signal, answer) {
  signal.addEventListener('abort', () => {
    asking.abort(signal.reason)
    forget()
  })
  return answer
}

function forget () {
  session = status = null
}
