import { locale, say } from './language.js'

/** @param {number} value @param {number} [digits] after the decimal point, at most */
const number = (value, digits = 0) => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value)

/** @param {number} ms */
export function duration (ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return say('seconds', { count: seconds })
  if (seconds < 3_600) return say('minutes', { count: Math.floor(seconds / 60) })
  if (seconds < 172_800) return say('hours', { count: Math.floor(seconds / 3_600) })
  return say('days', { count: Math.floor(seconds / 86_400) })
}

/** @param {number} ms */
export function countdown (ms) {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 60 ? say('seconds', { count: seconds }) : say('minutesSeconds', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
}

/** @param {number} ms */
export const tenths = ms => say('seconds', { count: number(ms / 1_000, 1) })

/** @param {{ width: number | null, height: number | null }} picture */
export const size = ({ width, height }) => width && height ? `${width}×${height}` : ''

/** @param {number | null} bitsPerSecond */
export function bitRate (bitsPerSecond) {
  if (!bitsPerSecond) return ''
  return bitsPerSecond < 1_000_000 ? `${number(bitsPerSecond / 1_000)} kbit/s` : `${number(bitsPerSecond / 1_000_000, 1)} Mbit/s`
}
