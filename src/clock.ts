/** The only source of time in camgate, so that tests can control it. */
export interface Clock {
  /** Milliseconds since a fixed moment. Never goes back, even if the wall clock is set. */
  now (): number
  /** Milliseconds since 1970, for people and other programs. Do not subtract two of them. */
  wall (): number
  /** Calls `fn` once, `ms` milliseconds from now. Returns a function that cancels the call. */
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

/** Two readings of the clocks differ by less, unless somebody has set the wall clock: it counts whole milliseconds, and a reading takes up to one. */
const MAX_READING_ERROR_MS = 2
const MAX_READING_MS = 1
const offsets = new WeakMap<Clock, number>()

/** Converts a `now()` time to milliseconds since 1970. The result stays the same until somebody sets the wall clock, so that of two times the later one is later. */
export function wallTimeOf (clock: Clock, at: number): number {
  const known = offsets.get(clock)
  const before = clock.now()
  const wall = clock.wall()
  const now = clock.now()
  if (known !== undefined && now - before > MAX_READING_MS) return known + at // the process had to wait between the two
  const offset = wall - now
  if (known !== undefined && Math.abs(offset - known) < MAX_READING_ERROR_MS) return known + at
  offsets.set(clock, offset)
  return offset + at
}
