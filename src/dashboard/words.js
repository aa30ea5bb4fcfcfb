import { streamsOf } from './api.js'

/** @typedef {import('./api.js').Camera} Camera */

/** A picture is stale after this time, or after this many frame intervals if they are longer: a camera may be asked for one picture every five seconds. */
const STALE_MS = 3_000
const STALE_FRAMES = 3

/** @param {Camera} camera */
export const stateInWords = ({ state }) => state.charAt(0).toUpperCase() + state.slice(1)

/**
 * Why there is no live picture; empty while there is one. Screen readers read it out when it changes, so it contains no counter. The page has
 * its own sentences, because it offers more than a status frame can: to wake the camera, for example.
 * @param {Camera} camera
 */
export function reason (camera) {
  const failure = camera.failure && `${camera.simulated ? 'Simulated camera: ' : ''}${camera.failure.message}`
  switch (camera.state) {
    case 'running':
      if ((camera.frameAgeMs ?? 0) <= Math.max(STALE_MS, 1_000 * STALE_FRAMES / camera.fpsLimit)) return ''
      return camera.input?.damaged ? 'The camera\'s pictures are damaged. The last clean one is shown.' : 'No new picture comes from the camera.'
    case 'waiting': return failure ?? 'The camera went away.'
    case 'starting': return failure ? `${failure} Trying again…` : 'Waiting for the first picture…'
    case 'stopping': return 'Letting go of the camera…'
    case 'stopped': return 'Stopped, and stays so until it is started.'
    case 'idle': return 'Asleep while nobody watches. Open the picture to wake it.'
    default: return ''
  }
}

/**
 * When the camera's current condition began: a failure lasts through all attempts of its outage.
 * @param {Camera} camera
 */
export const sinceOf = camera => camera.state === 'running' || !camera.failure ? camera.since : camera.failure.since

/**
 * @param {Camera} camera
 * @param {number} now milliseconds since 1970
 */
export function sinceInWords (camera, now) {
  const since = Date.parse(sinceOf(camera))
  if (Number.isNaN(since)) return ''
  const options = now - since < 86_400_000
    ? /** @type {const} */ ({ hour: '2-digit', minute: '2-digit' })
    : /** @type {const} */ ({ day: 'numeric', month: 'short' })
  return `Since ${new Intl.DateTimeFormat(undefined, options).format(since)} (${duration(now - since)})`
}

/**
 * Details, the most useful one first.
 * @param {Camera} camera
 * @param {number} now milliseconds since 1970
 */
export function detailInWords (camera, now) {
  if (camera.state === 'waiting' && camera.nextRetryAt !== null) {
    const left = Date.parse(camera.nextRetryAt) - now
    return left > 0 ? `next try in ${countdown(left)}` : 'next try now'
  }
  if (camera.state !== 'running') return ''
  if (reason(camera) !== '') return `last picture ${duration(camera.frameAgeMs ?? 0)} ago`
  const count = streamsOf(camera) // tiles do not count: they show snapshots
  const streams = count === 0 ? '' : count === 1 ? '1 live stream' : `${count} live streams`
  return [`${rate(camera)}${camera.input?.damaged ? ', damaged until the next clean picture' : ''}`, streams].filter(Boolean).join(' · ')
}

/** @param {Camera} camera */
function rate ({ fps, input }) {
  return input?.overloaded && input.fps ? `${Math.round(fps)} of ${Math.round(input.fps)} fps` : `${Math.round(fps)} fps`
}

/**
 * How to improve the picture of a running camera, for the enlarged view.
 * @param {Camera} camera
 */
export function advice (camera) {
  if (camera.state !== 'running' || !camera.input?.overloaded) return ''
  return `This computer decodes ${rate(camera)} and leaves the other pictures out, so that none is late. To see more, use the camera's smaller stream, or look at “Decoding in hardware” in the guide.`
}

/** @param {number} ms */
export function duration (ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} days`
}

/** @param {number} ms */
function countdown (ms) {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** @param {Camera[]} cameras */
export function summary (cameras) {
  if (cameras.length === 0) return 'No cameras'
  const running = cameras.filter(camera => camera.state === 'running').length
  const failing = cameras.filter(camera => camera.failure && camera.state !== 'running' && camera.state !== 'stopped').length
  return `${running} of ${cameras.length} running` + (failing > 0 ? `, ${failing} in trouble` : '')
}
