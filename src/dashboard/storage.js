/**
 * What this browser remembers. Storage may be forbidden, full, or hold what another version of the page wrote: then nothing is remembered.
 * @param {string} key
 * @returns {unknown}
 */
export function remembered (key) {
  try {
    return JSON.parse(window.localStorage.getItem(`camgate.${key}`) ?? 'null')
  } catch {
    return null
  }
}

/**
 * @param {string} key
 * @param {unknown} value
 */
export function remember (key, value) {
  try {
    window.localStorage.setItem(`camgate.${key}`, JSON.stringify(value))
  } catch {} // it holds until the page is closed
}
