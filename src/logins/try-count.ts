/** People mistype. From the next wrong password on, an address waits. */
const FREE_TRIES = 5
/** An account with this many wrong passwords, from wherever, is being guessed: then a strange address has one free try. */
const GUESSED_ACCOUNT_TRIES = 20
const FREE_TRIES_WHILE_GUESSED = 1
/** Passwords of an address that are checked at once, until one is known to be wrong too often. Behind a proxy, all viewers may come back in one moment. */
const MAX_PENDING = 16
const FIRST_WAIT_MS = 1_000
const MAX_WAIT_MS = 300_000
/** Wrong passwords are forgotten this long after the last one. */
const FORGET_MS = 900_000
const MAX_REPEATED = 5

/** Wrong passwords of anybody for an account. Times are the clock's, in milliseconds. */
export interface WrongCount {
  readonly wrong: number
  /** Of the last wrong one. */
  readonly lastAt: number
}

/** The passwords that came from one address, or for one account from an address that knows it. */
export interface TryCount extends WrongCount {
  readonly waitUntil: number
  /** Passwords that are being checked. */
  readonly pending: number
  /** The newest wrong proofs, which are keyed hashes. A program with an old password repeats it for ever, which is no guess. */
  readonly repeated: readonly string[]
}

export type TryEvent =
  | { readonly kind: 'begin' }
  /** `failed`: it could not be checked. */
  | { readonly kind: 'right' | 'failed' }
  | { readonly kind: 'wrong', readonly at: number, readonly proof: string, readonly freeTries: number }

/** Why a password is refused unseen. */
export interface TryRefusal { readonly why: 'wrong' | 'pending', readonly retryAfterMs: number }

export const NO_TRIES: TryCount = { wrong: 0, lastAt: -Infinity, waitUntil: -Infinity, pending: 0, repeated: [] }

/** The count after an event. One of the others follows each `begin`, perhaps on a count that was forgotten in between. A right password takes nothing back: a guesser may have an account of their own. */
export function next (count: TryCount, event: TryEvent): TryCount {
  switch (event.kind) {
    case 'begin': return { ...count, pending: count.pending + 1 }
    case 'right':
    case 'failed': return { ...count, pending: oneLess(count.pending) }
    case 'wrong': {
      const { at, proof, freeTries } = event
      const after = addWrong(count, at)
      const waits = after.wrong - freeTries
      const waitUntil = waits > 0 ? at + Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (waits - 1)) : -Infinity
      return {
        ...after,
        waitUntil: Math.max(count.waitUntil, waitUntil), // a wrong password for an account with more free tries shortens no wait
        pending: oneLess(count.pending),
        repeated: [...repeated(count, at), proof].slice(-MAX_REPEATED)
      }
    }
  }
}

export const addWrong = (count: WrongCount, at: number): WrongCount => ({ wrong: wrongTries(count, at) + 1, lastAt: at })

/** The wrong proofs that are not forgotten. */
export const repeated = (count: TryCount, now: number): readonly string[] => isForgotten(count, now) ? [] : count.repeated

/** Whether the address has to wait. */
export function waiting (count: TryCount, now: number): TryRefusal | undefined {
  return count.waitUntil > now ? { why: 'wrong', retryAfterMs: count.waitUntil - now } : undefined
}

/** Whether a password may not be checked now: also if so many are being checked that all might be guesses. */
export function refusal (count: TryCount, freeTries: number, now: number): TryRefusal | undefined {
  const max = wrongTries(count, now) < freeTries ? MAX_PENDING : 1
  return waiting(count, now) ?? (count.pending >= max ? { why: 'pending', retryAfterMs: FIRST_WAIT_MS } : undefined)
}

/** How many wrong passwords for this account cost an address nothing. `isKnown`: the account has been logged in to from there. */
export function freeTries (account: WrongCount, isKnown: boolean, now: number): number {
  return !isKnown && wrongTries(account, now) >= GUESSED_ACCOUNT_TRIES ? FREE_TRIES_WHILE_GUESSED : FREE_TRIES
}

const isForgotten = ({ lastAt }: WrongCount, now: number): boolean => now - lastAt >= FORGET_MS
const wrongTries = (count: WrongCount, now: number): number => isForgotten(count, now) ? 0 : count.wrong
const oneLess = (pending: number): number => Math.max(0, pending - 1)
