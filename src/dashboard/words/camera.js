import { say, sayForCode } from './language.js'

/** @typedef {import('../api.js').Camera} Camera */

/** A picture is stale after this time, or after this many frame intervals if they are longer: a camera may be asked for one picture every five seconds. */
const STALE_MS = 3_000
const STALE_FRAMES = 3

/** A shorter wait for a key picture needs no reason. */
const MIN_KEY_INTERVAL_MS = 3_000

/**
 * The state and the failure of what viewers see: the decoder's while the camera is read, otherwise the camera's.
 * @param {Camera} camera
 */
export const pictureOf = camera => camera.state === 'running' && camera.decoder ? camera.decoder : camera

/** Whether somebody sees it though the full picture is not made: a smaller one, or the camera's own video. @param {Camera} camera */
const isWatchedOtherwise = ({ renditions, watching }) => watching.some(({ by }) => by === 'wall') || Object.values(renditions).some(({ viewers }) => viewers > 0)

/**
 * The state of what viewers see. `connected`: the camera is read and could be shown at once, but nobody watches.
 * @param {Camera} camera
 * @returns {Camera['state'] | 'connected'}
 */
export function shownState (camera) {
  const { state, failure } = pictureOf(camera)
  if (camera.state !== 'running' || failure || (state !== 'idle' && state !== 'stopping')) return state
  return isWatchedOtherwise(camera) ? 'running' : 'connected'
}

/** @type {Camera['watching'][number]} */
const HERE = { from: '', by: 'wall', since: '', fps: 0, droppedTotal: 0, lagMs: null, shownAgeMs: null }

/**
 * A camera whose picture is seen here has a viewer, though its status, which is up to a second old, may not say so yet.
 * @param {Camera} camera
 * @returns {Camera}
 */
export const seenHere = camera => camera.state !== 'running' || shownState(camera) !== 'connected' ? camera : { ...camera, watching: [HERE] }

const STATES = /** @type {const} */ (['stopped', 'idle', 'starting', 'running', 'waiting', 'stopping', 'connected'])

/** @param {Camera} camera */
export function stateInWords (camera) {
  const state = shownState(camera)
  return STATES.includes(state) ? say(state) : state.charAt(0).toUpperCase() + state.slice(1) // of a newer service
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
export const ageMs = ({ frameAgeMs, input }) => frameAgeMs ?? input?.pictureAgeMs ?? 0

/**
 * Why there is no live picture; empty while there is one, or would be if somebody watched. Screen readers read it out when it changes, so it contains
 * no counter. The page has its own sentences, because it offers more than a status frame can: to wake the camera, for example.
 * @param {Camera} camera
 */
export function reason (camera) {
  const { failure: cause } = pictureOf(camera)
  const failure = cause && inWords(camera, cause)
  switch (shownState(camera)) {
    case 'running':
    case 'connected': return isStale(camera, ageMs(camera)) ? whyStale(camera) : ''
    case 'waiting': return failure ?? say('whyGone')
    case 'starting': return failure ? say('whyTrying', { failure }) : firstPicture(camera)
    case 'stopping': return camera.state === 'running' && failure ? failure : say('whyStopping')
    case 'stopped': return say('whyStopped')
    case 'idle': return say('whyIdle')
    default: return ''
  }
}

/**
 * Why a camera that runs is not seen here; empty if it is, or if another reason is given.
 * @param {Camera} camera
 * @param {string} [trouble] `waiting`, `stale`, or a sentence
 */
export function whyNotLive ({ state }, trouble) {
  if (state !== 'running' || trouble === undefined) return ''
  return trouble === 'waiting' ? say('whyFirstPicture') : trouble === 'stale' ? say('whyNoPicture') : trouble
}

/**
 * @param {Camera} camera
 * @param {{ code: string, message: string }} failure
 */
function inWords ({ simulated }, { code, message }) {
  const failure = sayForCode(code, message)
  return simulated ? say('whySimulated', { failure }) : failure
}

/**
 * @param {Camera} camera
 * @param {number} age in milliseconds
 */
export const isStale = ({ fpsLimit }, age) => age > Math.max(STALE_MS, 1_000 * STALE_FRAMES / fpsLimit)

/** @param {Camera} camera */
function whyStale (camera) {
  const { input } = camera
  if (input?.damaged) return say('whyDamaged')
  const comesFromCamera = typeof input?.pictureAgeMs === 'number' && !isStale(camera, input.pictureAgeMs)
  return say(comesFromCamera ? 'whyNotDecoded' : 'whyNoPicture')
}

/** @param {Camera} camera */
function firstPicture ({ state, input }) {
  const keyIntervalMs = state === 'running' && input && !input.group ? input.keyIntervalMs ?? (input.groupExceeded ? Infinity : 0) : 0
  return say(keyIntervalMs < MIN_KEY_INTERVAL_MS ? 'whyFirstPicture' : 'whyKeyPicture')
}
