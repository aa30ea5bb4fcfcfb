import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Recent } from '../access/recent.js'

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
const MAX_ADDRESSES = 10_000
const MAX_ACCOUNTS = 1_000

/** Refuses a password unseen. */
export class TooManyTries extends CamgateError {
  readonly retryAfterSeconds: number

  constructor (message: string, retryAfterMs: number) {
    super('TOO_MANY_TRIES', message)
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  }
}

interface Count { wrong: number, lastAt: number }
interface Slowed extends Count {
  waitUntil: number
  /** Passwords that are being checked. */
  pending: number
  /** The newest wrong proofs. A program with an old password repeats it for ever, which is no guess. */
  readonly repeated: string[]
}

/** Reports once what the check of a password found: `failed` if it could not be made. */
export type ReportResult = (result: 'right' | 'wrong' | 'failed') => void

/**
 * Wrong passwords slow down the address (`networkOf`) that they come from, and leave other addresses alone. Where an account has been logged in to
 * from an address, this pair is counted alone: neither guesses from elsewhere, nor guesses of other accounts by a neighbour, shut its owner out.
 */
export class Tries {
  readonly #clock: Clock
  readonly #addresses = new Recent<Slowed>(MAX_ADDRESSES)
  readonly #known = new Recent<Slowed>(MAX_ADDRESSES)
  readonly #accounts = new Recent<Count>(MAX_ACCOUNTS)

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** @throws {TooManyTries} while the address has to wait for this account */
  check (address: string, account: string): void {
    const wait = this.#slowed(address, account).waitUntil - this.#clock.now()
    if (wait > 0) throw new TooManyTries('Too many wrong passwords came from this address: wait, then try again.', wait)
  }

  /** Whether the account has been logged in to from this address. */
  isKnown (address: string, account: string): boolean {
    return this.#known.get(pair(address, account)) !== undefined
  }

  /** Whether this proof, a keyed hash, was wrong not long ago. */
  wasWrong (address: string, account: string, proof: string): boolean {
    return this.#slowed(address, account).repeated.includes(proof)
  }

  /** A password may be checked now. @throws {TooManyTries} also if so many are being checked that all might be guesses */
  begin (address: string, account: string, proof: string): ReportResult {
    this.check(address, account)
    const slowed = this.#slowed(address, account)
    if (slowed.pending >= (slowed.wrong < this.#freeTries(address, account) ? MAX_PENDING : 1)) {
      throw new TooManyTries('Other passwords from this address are being checked: wait, then try again.', FIRST_WAIT_MS)
    }
    slowed.pending++
    return result => {
      slowed.pending--
      if (result === 'right') this.#noteKnown(address, account)
      if (result === 'wrong') this.#noteWrong(slowed, this.#freeTries(address, account), account, proof)
    }
  }

  #freeTries (address: string, account: string): number {
    const isGuessed = this.#fresh(this.#accounts, account, unguessed).wrong >= GUESSED_ACCOUNT_TRIES
    return isGuessed && !this.isKnown(address, account) ? FREE_TRIES_WHILE_GUESSED : FREE_TRIES
  }

  #noteKnown (address: string, account: string): void {
    if (!this.isKnown(address, account)) this.#known.set(pair(address, account), unslowed(this.#clock.now()))
  }

  #noteWrong (slowed: Slowed, freeTries: number, account: string, proof: string): void {
    const now = this.#clock.now()
    for (const count of [slowed, this.#fresh(this.#accounts, account, unguessed)]) {
      count.wrong++
      count.lastAt = now
    }
    slowed.repeated.push(proof)
    if (slowed.repeated.length > FREE_TRIES) slowed.repeated.shift()
    const waits = slowed.wrong - freeTries
    if (waits > 0) slowed.waitUntil = now + Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (waits - 1))
  }

  #slowed (address: string, account: string): Slowed {
    return this.isKnown(address, account) ? this.#fresh(this.#known, pair(address, account), unslowed) : this.#fresh(this.#addresses, address, unslowed)
  }

  /** The entry, or a new one if it is missing or its wrong passwords are forgotten. */
  #fresh<Value extends Count> (entries: Recent<Value>, key: string, make: (now: number) => Value): Value {
    const entry = entries.get(key)
    const now = this.#clock.now()
    if (entry && now - entry.lastAt < FORGET_MS) return entry
    const made = make(now)
    entries.set(key, made)
    return made
  }
}

const unguessed = (now: number): Count => ({ wrong: 0, lastAt: now })
const unslowed = (now: number): Slowed => ({ wrong: 0, lastAt: now, waitUntil: 0, pending: 0, repeated: [] })
const pair = (address: string, account: string): string => `${address} ${account}`
