import type { Failure } from '../failure/failure.js'

const FIRST = 1_000
const LONGEST = 30_000
const AFTER_WRONG_PASSWORD = 5 * 60_000

/** A camera whose frames flowed for so long (milliseconds) was well: what fails next is a new trouble, its first attempt. */
export const WELL_AFTER = 10_000

/**
 * Milliseconds from the failure of attempt 1, 2, … to the next: 1 s to 30 s, its ceiling doubling, with full jitter above
 * the first second, so that the cameras behind a switch that comes back are not all asked at once. `jitter` is in [0, 1).
 */
export function backoff (attempt: number, { locks }: Pick<Failure, 'locks'>, jitter: number): number {
  if (locks) return AFTER_WRONG_PASSWORD
  const ceiling = Math.min(LONGEST, FIRST * 2 ** attempt)
  return Math.round(FIRST + jitter * (ceiling - FIRST))
}
