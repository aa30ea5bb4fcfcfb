/** Time as the rest of camgate sees it, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back, whatever happens to the wall clock. */
  now (): number
  /** Milliseconds since 1970, for people and other programs to read. Do not subtract two of them. */
  wall (): number
  /** Calls `fn` once, `ms` milliseconds from now. Returns a function that calls it off. */
  after (ms: number, fn: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after (ms, fn) {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  }
}
