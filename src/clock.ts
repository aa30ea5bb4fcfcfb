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

/** How far the wall clock is set (milliseconds) before past moments get another time. Reading both clocks gives a result that is a millisecond off now and then. */
const SET_BY = 500
const offsets = new WeakMap<Clock, number>()

/** A moment of the clock's `now()` in milliseconds since 1970: the same whenever it is asked for, until somebody sets the wall clock. */
export function wallTimeOf (clock: Clock, at: number): number {
  const offset = clock.wall() - clock.now()
  const known = offsets.get(clock)
  if (known !== undefined && Math.abs(offset - known) < SET_BY) return known + at
  offsets.set(clock, offset)
  return offset + at
}
