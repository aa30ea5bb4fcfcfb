import { streamsOf } from '../api.js'
import { ageMs, failureOf, pictureOf, reason, shownState } from './camera.js'
import { locale, say } from './language.js'
import { countdown, duration } from './quantities.js'

/** @typedef {import('../api.js').Camera} Camera */

/** camgate keeps the pictures of this time for a viewer who comes between two key pictures. */
const MAX_GROUP_MS = 12_000

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
  return say('since', { time: new Intl.DateTimeFormat(locale(), options).format(since), duration: duration(now - since) })
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
    return left > 0 ? say('nextTryIn', { time: countdown(left) }) : say('nextTryNow')
  }
  const shown = shownState(camera)
  if (shown !== 'running' && shown !== 'connected') return ''
  if (reason(camera) !== '') return say('lastPicture', { time: duration(ageMs(camera)) })
  if (shown === 'connected') return say('onceWatched')
  const count = streamsOf(camera)
  const rate = rateInWords(camera)
  return [camera.input?.damaged ? say('damagedUntil', { rate }) : rate, count === 0 ? '' : say('liveStreams', { count })].filter(Boolean).join(' · ')
}

/**
 * Pictures a second of what is shown, in any size.
 * @param {Camera} camera
 */
function shownFps ({ fps, decoder, input, renditions, watching }) {
  if (decoder?.state === 'running' || !decoder) return fps
  const own = watching.some(({ by }) => by === 'wall') ? input?.fps ?? 0 : 0 // as the camera sends it: nothing is made
  return Math.max(fps, own, ...Object.values(renditions).map(rendition => rendition.fps))
}

/**
 * Pictures a second that are shown, or would be if somebody watched; null if there are none.
 * @param {Camera} camera
 */
export function seenFps (camera) {
  if (camera.state !== 'running' || failureOf(camera) !== null) return null
  return shownState(camera) === 'running' ? shownFps(camera) : camera.input?.fps ?? 0
}

/** @param {Camera} camera */
export function rateInWords (camera) {
  const { fps, input, decoder } = camera
  if (decoder?.overloaded && input?.fps) return say('fpsOf', { shown: Math.round(fps), sent: Math.round(input.fps) })
  return say('fps', { count: Math.round(shownFps(camera)) })
}

/**
 * How to improve the picture of a running camera.
 * @param {Camera} camera
 */
export function advice (camera) {
  const { input, decoder } = camera
  if (camera.state !== 'running') return ''
  if (decoder?.overloaded) return say('adviceOverloaded', { rate: rateInWords(camera) })
  return input?.groupExceeded || (input?.keyIntervalMs ?? 0) > MAX_GROUP_MS ? say('adviceKeyPictures') : ''
}
