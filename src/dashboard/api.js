/**
 * What camgate says about one camera; see GET /status.
 * @typedef {object} Camera
 * @property {string} name
 * @property {string} [address] what is asked for its pictures
 * @property {string} state stopped, idle, starting, running, waiting or stopping
 * @property {string} since ISO 8601
 * @property {{ code: string, message: string, since: string } | null} failure
 * @property {string | null} nextRetryAt ISO 8601
 * @property {number | null} fps
 * @property {number} fpsLimit frames a second, at most, as configured
 * @property {number | null} frameAgeMs
 * @property {number | null} width
 * @property {number | null} height
 * @property {{ overloaded: object | null, damaged?: object | null, fps?: number | null } | null} [input] how the camera is read
 * @property {number} viewers of its full picture
 * @property {unknown[]} watching the viewers of its stream
 * @property {boolean} simulated
 * @property {Record<string, { viewers: number, watching: unknown[] }>} [renditions]
 */

/**
 * @typedef {{ status: string, version: string, uptimeSeconds: number, cameras: Record<string, Camera> }} Report
 * @typedef {'start' | 'stop' | 'restart'} Verb
 */

// Relative, so that the page works behind a path prefix too.
/** @param {string} id */
export const cameraUrl = id => `camera/${encodeURIComponent(id)}`
/**
 * In the size that the viewer's connection carries.
 * @param {string} id
 */
export const streamUrl = id => `${cameraUrl(id)}?rendition=auto`
/** @param {string} id */
export const snapshotUrl = id => `${cameraUrl(id)}/snapshot`
/** @param {string} id */
export const statusUrl = id => `status/${encodeURIComponent(id)}`

/**
 * Of its picture in any size.
 * @param {Camera} camera
 */
export const viewersOf = ({ viewers, renditions = {} }) => Object.values(renditions).reduce((sum, rendition) => sum + rendition.viewers, viewers)

/**
 * The streams of its picture in any size.
 * @param {Camera} camera
 */
export const streamsOf = ({ watching, renditions = {} }) => Object.values(renditions).reduce((sum, rendition) => sum + rendition.watching.length, watching.length)

/**
 * @param {AbortSignal} signal
 * @returns {Promise<{ report: Report, serverNow: number }>} serverNow in milliseconds since 1970, by the service's clock
 */
export async function fetchStatus (signal) {
  const response = await fetch('status', { signal, cache: 'no-store', priority: 'high' })
  if (!response.ok) throw new Error(await messageIn(response))
  const report = await response.json()
  if (typeof report?.cameras !== 'object') throw new Error('the answer to /status is not a status')
  return { report, serverNow: serverClock(response) }
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function fetchSnapshot (id, signal) {
  const response = await fetch(snapshotUrl(id), { signal, cache: 'no-store', priority: 'low' })
  if (!response.ok) throw new Error(await messageIn(response))
  return response.blob()
}

/**
 * @param {Verb} verb
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function ask (verb, id, signal) {
  const response = await fetch(`${verb}/${encodeURIComponent(id)}`, { method: 'POST', signal, priority: 'high' })
  if (!response.ok) throw new Error(await messageIn(response))
}

/** @param {Response} response */
async function messageIn (response) {
  const problem = await response.json().catch(() => null)
  return typeof problem?.message === 'string' ? problem.message : `the answer was ${response.status} ${response.statusText}`.trim()
}

/**
 * A Raspberry Pi without network time may be years off, and a countdown by the viewer's clock with it. The Date header
 * counts whole seconds: up to two apart passes for the same clock.
 * @param {Response} response
 */
function serverClock (response) {
  const here = Date.now()
  const there = Date.parse(response.headers.get('date') ?? '')
  return Math.abs(there - here) > 2_000 ? there : here
}
