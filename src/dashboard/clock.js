/**
 * Time as the page's moving parts see it, so that a test can hold it still.
 * @typedef {{ now(): number, after(ms: number, fn: () => void): () => void }} Clock
 */

/** @type {Clock} */
export const browserClock = {
  now: () => performance.now(),
  after (ms, fn) {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  }
}
