import type { Failure } from '../failure/failure.js'

const MIN_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000
const WRONG_PASSWORD_DELAY_MS = 5 * 60_000

/** After frames for this long, the next failure begins a new outage, at attempt 1. */
export const RECOVERED_AFTER_MS = 10_000

/** Milliseconds from the failure of attempt 1, 2, … to the next one: 1 s to 30 s. `jitter` is in [0, 1). */
export function backoff (attempt: number, { locks }: Pick<Failure, 'locks'>, jitter: number): number {
  return locks ? WRONG_PASSWORD_DELAY_MS : exponential(attempt, MAX_DELAY_MS, jitter)
}

/** The ceiling doubles from attempt to attempt, with full jitter above the first second, so that the cameras behind a switch that restarts do not all retry at once. */
export function exponential (attempt: number, maxMs: number, jitter: number): number {
  const ceiling = Math.min(maxMs, MIN_DELAY_MS * 2 ** attempt)
  return Math.round(MIN_DELAY_MS + jitter * (ceiling - MIN_DELAY_MS))
}
