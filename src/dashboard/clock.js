/**
 * Time, injected so that a test can control it.
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
