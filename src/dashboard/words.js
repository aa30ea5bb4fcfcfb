import { streamsOf } from './api.js'

/** @typedef {import('./api.js').Camera} Camera */

/** A picture is stale after this time, or after this many frame intervals if they are longer: a camera may be asked for one picture every five seconds. */
const STALE_MS = 3_000
const STALE_FRAMES = 3

/** A shorter wait for a key picture needs no reason. */
const MIN_KEY_INTERVAL_MS = 3_000
/** camgate keeps the pictures of this time for a viewer who comes between two key pictures. */
const MAX_GROUP_MS = 12_000

/**
 * The state and the failure of what viewers see: the decoder's while the camera is read, otherwise the camera's.
 * @param {Camera} camera
 */
const pictureOf = camera => camera.state === 'running' && camera.decoder ? camera.decoder : camera

/** @param {Camera} camera */
const isWatchedSmaller = ({ renditions }) => Object.values(renditions).some(({ viewers }) => viewers > 0)

/**
 * The state of what viewers see. `connected`: the camera is read and could be shown at once, but nobody watches.
 * @param {Camera} camera
 * @returns {Camera['state'] | 'connected'}
 */
export function shownState (camera) {
  const { state, failure } = pictureOf(camera)
  if (camera.state !== 'running' || failure || (state !== 'idle' && state !== 'stopping')) return state
  return isWatchedSmaller(camera) ? 'running' : 'connected'
}

/** @param {Camera} camera */
export function stateInWords (camera) {
  const state = shownState(camera)
  return state.charAt(0).toUpperCase() + state.slice(1)
}

/**
 * What keeps the camera from being shown; null if nothing does.
 * @param {Camera} camera
 */
export const failureOf = camera => camera.state === 'stopped' || pictureOf(camera).state === 'running' ? null : pictureOf(camera).failure

/**
 * The age of the newest picture: as it is shown, or, while none is made, as it came from the camera.
 * @param {Camera} camera
 */
const ageMs = ({ frameAgeMs, input }) => frameAgeMs ?? input?.pictureAgeMs ?? 0

/**
 * Why there is no live picture; empty while there is one, or would be if somebody watched. Screen readers read it out when it changes, so it contains
 * no counter. The page has its own sentences, because it offers more than a status frame can: to wake the camera, for example.
 * @param {Camera} camera
 */
export function reason (camera) {
  const { failure: cause } = pictureOf(camera)
  const failure = cause && `${camera.simulated ? 'Simulated camera: ' : ''}${cause.message}`
  switch (shownState(camera)) {
    case 'running':
    case 'connected': return isStale(camera, ageMs(camera)) ? whyStale(camera) : ''
    case 'waiting': return failure ?? 'The camera went away.'
    case 'starting': return failure ? `${failure} Trying again…` : firstPicture(camera)
    case 'stopping': return camera.state === 'running' && failure ? failure : 'Letting go of the camera…'
    case 'stopped': return 'Stopped, and stays so until it is started.'
    case 'idle': return 'Asleep while nobody watches. Open the picture to wake it.'
    default: return ''
  }
}

/**
 * @param {Camera} camera
 * @param {number} age in milliseconds
 */
const isStale = ({ fpsLimit }, age) => age > Math.max(STALE_MS, 1_000 * STALE_FRAMES / fpsLimit)

/** @param {Camera} camera */
function whyStale (camera) {
  const { input } = camera
  if (input?.damaged) return 'The camera\'s pictures are damaged. The last clean one is shown.'
  const comesFromCamera = typeof input?.pictureAgeMs === 'number' && !isStale(camera, input.pictureAgeMs)
  return comesFromCamera ? 'The camera sends pictures, but this computer is not decoding them.' : 'No new picture comes from the camera.'
}

/** @param {Camera} camera */
function firstPicture ({ state, input }) {
  const keyIntervalMs = state === 'running' && input && !input.group ? input.keyIntervalMs ?? (input.groupExceeded ? Infinity : 0) : 0
  return keyIntervalMs < MIN_KEY_INTERVAL_MS ? 'Waiting for the first picture…' : 'Waiting for the camera\'s next key picture, which it seldom sends…'
}

/**
 * When the camera's current condition began: a failure lasts through all attempts of its outage.
 * @param {Camera} camera
 */
export function sinceOf (camera) {
  const failure = failureOf(camera)
  if (failure) return failure.since
  return shownState(camera) === 'starting' ? pictureOf(camera).since : camera.since
}

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
  const { state, nextRetryAt } = pictureOf(camera)
  if (state === 'waiting' && nextRetryAt !== null) {
    const left = Date.parse(nextRetryAt) - now
    return left > 0 ? `next try in ${countdown(left)}` : 'next try now'
  }
  const shown = shownState(camera)
  if (shown !== 'running' && shown !== 'connected') return ''
  if (reason(camera) !== '') return `last picture ${duration(ageMs(camera))} ago`
  if (shown === 'connected') return 'shows pictures as soon as somebody watches'
  const count = streamsOf(camera) // tiles do not count: they show snapshots
  const streams = count === 0 ? '' : count === 1 ? '1 live stream' : `${count} live streams`
  return [`${rate(camera)}${camera.input?.damaged ? ', damaged until the next clean picture' : ''}`, streams].filter(Boolean).join(' · ')
}

/** @param {Camera} camera */
function rate ({ fps, input, decoder, renditions }) {
  if (decoder?.overloaded && input?.fps) return `${Math.round(fps)} of ${Math.round(input.fps)} fps`
  const shown = decoder?.state === 'running' || !decoder ? fps : Math.max(fps, ...Object.values(renditions).map(rendition => rendition.fps))
  return `${Math.round(shown)} fps`
}

/**
 * How to improve the picture of a running camera, for the enlarged view.
 * @param {Camera} camera
 */
export function advice (camera) {
  const { input, decoder } = camera
  if (camera.state !== 'running') return ''
  if (decoder?.overloaded) {
    return `This computer decodes ${rate(camera)} and leaves the other pictures out, so that none is late. To see more, use the camera's smaller stream, or look at “Decoding in hardware” in the guide.`
  }
  if (input?.groupExceeded || (input?.keyIntervalMs ?? 0) > MAX_GROUP_MS) {
    return 'The camera\'s key pictures are so far apart that a new viewer may have to wait for the next one. Set its key (I-frame) interval to 1 or 2 seconds.'
  }
  return ''
}

/** @type {Record<string, string>} */
const CODECS = { h264: 'H.264', h265: 'H.265', mjpeg: 'JPEG' }

/**
 * What comes from the camera, and what is made of it, for the enlarged view.
 * @param {Camera} camera
 */
export function inputInWords ({ state, fps, width, height, input, decoder }) {
  if (state !== 'running' || !input?.codec) return ''
  const codec = [CODECS[input.codec] ?? input.codec, input.codec === 'mjpeg' ? '' : input.profile].filter(Boolean).join(' ')
  const read = [
    codec, size(input), input.fps === null ? '' : `${Math.round(input.fps)} fps`, bitRate(input.bitsPerSecond),
    input.codec !== 'mjpeg' && input.keyIntervalMs !== null ? `a key picture every ${Math.round(input.keyIntervalMs / 100) / 10} s` : ''
  ]
  const made = input.copied
    ? ['unchanged']
    : decoder?.state === 'running' ? [size({ width, height }), `${Math.round(fps)} fps`, decoder.name && `decoded by ${decoder.name === 'software' ? 'the processor' : decoder.name}`] : []
  return [`From the camera: ${list(read)}.`, made.length > 0 ? `Shown: ${list(made)}.` : ''].filter(Boolean).join(' ')
}

/** @param {(string | null | undefined)[]} words */
const list = words => words.filter(Boolean).join(', ')

/** @param {{ width: number | null, height: number | null }} picture */
const size = ({ width, height }) => width && height ? `${width}×${height}` : ''

/** @param {number | null} bitsPerSecond */
function bitRate (bitsPerSecond) {
  if (!bitsPerSecond) return ''
  return bitsPerSecond < 1_000_000 ? `${Math.round(bitsPerSecond / 1_000)} kbit/s` : `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`
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
  const running = cameras.filter(camera => camera.state === 'running' && failureOf(camera) === null).length
  const failing = cameras.filter(camera => failureOf(camera) !== null).length
  return `${running} of ${cameras.length} running` + (failing > 0 ? `, ${failing} in trouble` : '')
}
