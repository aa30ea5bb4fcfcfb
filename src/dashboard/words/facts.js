import { streamsOf } from '../api.js'
import { failureOf } from './camera.js'
import { rateInWords } from './details.js'
import { say, sayForCode } from './language.js'
import { bitRate, size, tenths } from './quantities.js'

/**
 * @typedef {import('../api.js').Camera} Camera
 * @typedef {{ ageMs: number | undefined, path: string }} Playback the age of the picture on the screen, and how it is shown
 */

/** @type {Record<string, string>} */
const CODECS = { h264: 'H.264', h265: 'H.265', mjpeg: 'JPEG' }

/**
 * What is known about a camera, in rows of a name and a value.
 * @param {Camera} camera
 * @param {Playback} [playback]
 * @returns {{ name: string, value: string }[]}
 */
export function facts (camera, playback = { ageMs: undefined, path: '' }) {
  const { state, input, decoder } = camera
  const isRunning = state === 'running'
  const codec = input?.codec && [CODECS[input.codec] ?? input.codec, input.codec === 'mjpeg' ? '' : input.profile].filter(Boolean).join(' ')
  const failure = failureOf(camera)
  /** @type {[import('./language.js').Key, string | null | undefined | false][]} */
  const rows = [
    ['factRate', isRunning && rateInWords(camera)],
    ['factAge', isRunning && playback.ageMs !== undefined && milliseconds(playback.ageMs)],
    ['factLag', lag(camera)],
    ['factViewers', String(streamsOf(camera))],
    ['factRestarts', String(camera.restarts)],
    ['factCodec', isRunning && codec],
    ['factSent', isRunning && input && [size(input), input.fps === null ? '' : say('fps', { count: Math.round(input.fps) })].filter(Boolean).join(', ')],
    ['factShown', isRunning && (input?.copied ? say('unchanged') : size(camera))],
    ['factBitRate', isRunning && bitRate(input?.bitsPerSecond ?? null)],
    ['factKeyPictures', isRunning && input?.codec !== 'mjpeg' && !!input?.keyIntervalMs && say('every', { time: tenths(input.keyIntervalMs) })],
    ['factDecoder', isRunning && decoder?.state === 'running' && (decoder.name === 'software' ? say('processor') : decoder.name)],
    ['factPath', playback.path],
    ['factMessage', failure && sayForCode(failure.code, failure.message) !== failure.message && failure.message]
  ]
  return rows.flatMap(([key, value]) => value ? [{ name: say(key), value }] : [])
}

/** How old the newest picture of the slowest viewer was when its connection had taken it. @param {Camera} camera */
function lag ({ watching, renditions }) {
  const lags = [watching, ...Object.values(renditions).map(rendition => rendition.watching)].flat().flatMap(({ lagMs }) => lagMs ?? [])
  return lags.length > 0 && milliseconds(Math.max(...lags))
}

/** @param {number} ms */
const milliseconds = ms => say('milliseconds', { count: Math.round(ms) })
