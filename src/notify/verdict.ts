import { exponential } from '../lifecycle/backoff.js'
import type { Outcome } from './post.js'

/** A message that nobody accepts is given up after this time. */
export const MAX_AGE_MS = 3_600_000
const MAX_DELAY_MS = 5 * 60_000

export type Verdict = 'delivered' | 'refused' | 'retry'

/** Pure. Whether to try again: a receiver that does not want a message (4xx, a redirect) will not want it later either. */
export function verdictOf (outcome: Outcome): Verdict {
  if (outcome.kind === 'failed') return 'retry'
  const { status } = outcome
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 500 || status === 408 || status === 429 ? 'retry' : 'refused'
}

/** Pure. Milliseconds from the failure of attempt 1, 2, … to the next one; not before the receiver wants it. `jitter` is in [0, 1). */
export function delayAfter (outcome: Outcome, attempt: number, jitter: number, wall: number): number {
  const asked = outcome.kind === 'answered' && outcome.retryAfter !== undefined ? retryAfterMs(outcome.retryAfter, wall) : 0
  return Math.max(exponential(attempt, MAX_DELAY_MS, jitter), Math.min(asked, MAX_AGE_MS))
}

/** The value of Retry-After: seconds, or a date. 0 if it is neither. */
function retryAfterMs (text: string, wall: number): number {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(date) ? 0 : Math.max(0, date - wall)
}

/** In words that follow the name of a receiver. */
export function reasonOf (outcome: Outcome): string {
  if (outcome.kind === 'failed') return outcome.reason
  const { status } = outcome
  return `it answers with ${status}${status >= 300 && status < 400 ? ', and redirects are not followed: write the address that it redirects to' : ''}`
}
