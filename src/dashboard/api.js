import { say, sayForCode } from './words/language.js'

/**
 * @typedef {import('../stream/status.js').CameraStatus} Camera
 * @typedef {import('../http/routes/status.js').ServiceStatus} Report
 * @typedef {import('../http/routes/session.js').SessionStatus} Session
 * @typedef {{ report: Report, serverNow: number }} Known serverNow in milliseconds since 1970, by the service's clock
 * @typedef {import('../doctor/diagnoses.js').Diagnosis} Diagnosis
 * @typedef {'start' | 'stop' | 'restart'} Verb
 */

/** camgate has answered, and refused. */
export class Refusal extends Error {
  /**
   * @param {string} message in the language of the page, if it has words for the code
   * @param {number} status
   * @param {number} retryAfterMs 0 if the answer does not say
   * @param {Readonly<Record<string, unknown>>} details the whole answer
   */
  constructor (message, status, retryAfterMs, details = {}) {
    super(message)
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.details = details
  }
}

/** @param {unknown} thrown fetch throws a TypeError when there was no answer; its message is the browser's */
export const whyItFailed = thrown => thrown instanceof Error && !(thrown instanceof TypeError) ? thrown.message : say('noAnswer')

// Relative, so that the page also works behind a proxy's path prefix.
/** @param {string} id */
export const cameraUrl = id => `camera/${encodeURIComponent(id)}`
/**
 * The stream in a size that the viewer's connection can carry.
 * @param {string} id
 */
export const streamUrl = id => `${cameraUrl(id)}?rendition=auto`
/** @param {string} id */
export const snapshotUrl = id => `${cameraUrl(id)}/snapshot`
/** @param {string} id */
export const statusUrl = id => `status/${encodeURIComponent(id)}`
/** @param {string} id */
const ptzUrl = id => `ptz/${encodeURIComponent(id)}`

/**
 * The viewers of its picture in any size.
 * @param {Camera} camera
 */
export const viewersOf = ({ viewers, renditions }) => Object.values(renditions).reduce((sum, rendition) => sum + rendition.viewers, viewers)

/**
 * The streams of its picture in any size.
 * @param {Camera} camera
 */
export const streamsOf = ({ watching, renditions }) => Object.values(renditions).reduce((sum, rendition) => sum + rendition.watching.length, watching.length)

/** @param {AbortSignal} signal */
export const fetchStatus = async signal => readStatus(await fetch('status', { signal, cache: 'no-store', priority: 'high' }))

/**
 * @param {Response} response
 * @returns {Promise<Known>}
 */
export async function readStatus (response) {
  const report = await readJson(response)
  if (typeof report?.cameras !== 'object') throw new Error('the answer to /status is not a status')
  return { report, serverNow: serverClock(response) }
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function fetchSnapshot (id, signal) {
  const response = await fetch(snapshotUrl(id), { signal, cache: 'no-store', priority: 'low' })
  if (!response.ok) throw await refusalIn(response)
  return response.blob()
}

/**
 * @param {Verb} verb
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function ask (verb, id, signal) {
  const response = await fetch(`${verb}/${encodeURIComponent(id)}`, { method: 'POST', signal, priority: 'high' })
  if (!response.ok) throw await refusalIn(response)
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Diagnosis>}
 */
export const fetchDiagnosis = async (id, signal) => readJson(await fetch(`diagnosis/${encodeURIComponent(id)}`, { signal, cache: 'no-store' }))

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<{ ptz: boolean, presets: { token: string, name: string }[] }>}
 */
export const fetchPtz = async (id, signal) => readJson(await fetch(ptzUrl(id), { signal, cache: 'no-store' }))

/**
 * Is sent even if the page is closed meanwhile: it may be a stop.
 * @param {string} id
 * @param {import('./enlarged/held-motion.js').PtzCommand} command
 * @param {AbortSignal} signal
 */
export async function askPtz (id, command, signal) {
  const response = await fetch(ptzUrl(id), { method: 'POST', body: JSON.stringify(command), signal, keepalive: true, priority: 'high' })
  if (!response.ok) throw await refusalIn(response)
}

/** @param {AbortSignal} signal */
export const fetchSession = signal => session({ signal })

/**
 * @param {string} user
 * @param {string} password
 */
export function logIn (user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`)
  return session({ method: 'POST', headers: { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` }, signal: AbortSignal.timeout(LOGIN_TIMEOUT_MS) })
}

export const logOut = () => session({ method: 'DELETE', signal: AbortSignal.timeout(LOGIN_TIMEOUT_MS) })

/** @param {RequestInit} options */
const session = async options => readSession(await fetch('session', { cache: 'no-store', priority: 'high', ...options }))

/**
 * @param {Response} response
 * @returns {Promise<Session>}
 */
export const readSession = response => readJson(response)

const LOGIN_TIMEOUT_MS = 15_000
const SAME_CLOCK_MS = 2_000

/**
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {Refusal}
 */
export async function readJson (response) {
  if (!response.ok) throw await refusalIn(response)
  return response.json()
}

/** @param {Response} response */
async function refusalIn (response) {
  const problem = await response.json().catch(() => null)
  const message = typeof problem?.message === 'string'
    ? sayForCode(problem.code, problem.message)
    : say('answerWas', { status: `${response.status} ${response.statusText}`.trim() })
  return new Refusal(message, response.status, Number(response.headers.get('retry-after') ?? 0) * 1_000, problem ?? {})
}

/**
 * The service's time. A Raspberry Pi without network time may be years off, so a countdown by the viewer's clock would be wrong. The Date header
 * counts whole seconds, so clocks up to two seconds apart are treated as equal.
 * @param {Response} response
 */
function serverClock (response) {
  const here = Date.now()
  const there = Date.parse(response.headers.get('date') ?? '')
  return Math.abs(there - here) > SAME_CLOCK_MS ? there : here
}
