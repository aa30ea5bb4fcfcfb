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

/** A larger jump means that somebody set the wall clock. Smaller ones come from reading the two clocks one after the other. */
const MAX_CLOCK_DRIFT_MS = 500
const offsets = new WeakMap<Clock, number>()

/** Converts a `now()` time to milliseconds since 1970. The result stays the same until somebody sets the wall clock. */
export function wallTimeOf (clock: Clock, at: number): number {
  const offset = clock.wall() - clock.now()
  const known = offsets.get(clock)
  if (known !== undefined && Math.abs(offset - known) < MAX_CLOCK_DRIFT_MS) return known + at
  offsets.set(clock, offset)
  return offset + at
}
