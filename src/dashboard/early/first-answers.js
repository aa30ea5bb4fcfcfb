import { fetchSession, fetchStatus, readSession, readStatus } from '../api.js'

/**
 * @typedef {import('../api.js').Session} Session
 * @typedef {import('../api.js').Known} Known
 * @typedef {typeof HTMLElement & { connect?: (started: { worker: Worker, heard: unknown[] }) => void }} View
 */

/** What start.js has asked; undefined if the page was opened in the background. @type {{ asking: AbortController, session: Promise<Response>, status: Promise<Response> } | undefined} */
const early = /** @type {any} */ (window).early

let session = early?.session.then(readSession)
let status = early?.status.then(response => response.status === 401 ? null : readStatus(response)) // null: to ask again after a login
session?.catch(() => {}) // whoever takes it handles it
status?.catch(() => {})

/** What was asked first would be old by the time somebody looks again. */
document.addEventListener('visibilitychange', forget, { once: true })

/**
 * The answer to what was asked first, once; from then on asks anew.
 * @param {AbortSignal} signal
 */
export function firstSession (signal) {
  const first = session
  session = undefined
  return first === undefined ? fetchSession(signal) : abortedBy(signal, first)
}

/** @param {AbortSignal} signal */
export async function firstStatus (signal) {
  const first = status
  status = undefined
  return (first && await abortedBy(signal, first)) ?? fetchStatus(signal)
}

/**
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} answer
 */
function abortedBy (signal, answer) {
  signal.addEventListener('abort', () => {
    early?.asking.abort(signal.reason)
    forget()
  })
  return answer
}

function forget () {
  session = status = undefined
}
