import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Recent } from '../access/recent.js'
import { addWrong, freeTries, next, NO_TRIES, refusal, repeated, waiting, type TryCount, type TryEvent, type TryRefusal, type WrongCount } from './try-count.js'

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

const MESSAGES = {
  wrong: 'Too many wrong passwords came from this address: wait, then try again.',
  pending: 'Other passwords from this address are being checked: wait, then try again.'
}

/** Reports once what the check of a password found: `failed` if it could not be made. */
export type ReportResult = (result: 'right' | 'wrong' | 'failed') => void

/** Where the passwords for an account from an address are counted. */
interface Place { readonly counts: Recent<TryCount>, readonly key: string }

/**
 * Wrong passwords slow down the address (`networkOf`) that they come from, and leave other addresses alone. Where an account has been logged in to
 * from an address, this pair is counted alone: neither guesses from elsewhere, nor guesses of other accounts by a neighbour, shut its owner out.
 */
export class Tries {
  readonly #clock: Clock
  readonly #addresses = new Recent<TryCount>(MAX_ADDRESSES)
  readonly #known = new Recent<TryCount>(MAX_ADDRESSES)
  readonly #accounts = new Recent<WrongCount>(MAX_ACCOUNTS)

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** @throws {TooManyTries} while the address has to wait for this account */
  check (address: string, account: string): void {
    throwIf(waiting(this.#count(this.#place(address, account)), this.#clock.now()))
  }

  /** Whether the account has been logged in to from this address. */
  isKnown (address: string, account: string): boolean {
    return this.#known.get(pair(address, account)) !== undefined
  }

  /** Whether this proof, a keyed hash, was wrong not long ago. */
  wasWrong (address: string, account: string, proof: string): boolean {
    return repeated(this.#count(this.#place(address, account)), this.#clock.now()).includes(proof)
  }

  /** A password may be checked now. @throws {TooManyTries} also if so many are being checked that all might be guesses */
  begin (address: string, account: string, proof: string): ReportResult {
    const place = this.#place(address, account)
    throwIf(refusal(this.#count(place), this.#freeTries(address, account), this.#clock.now()))
    this.#note(place, { kind: 'begin' })
    return result => {
      const at = this.#clock.now()
      this.#note(place, result === 'wrong' ? { kind: result, at, proof, freeTries: this.#freeTries(address, account) } : { kind: result })
      if (result === 'wrong') this.#accounts.set(account, addWrong(this.#accounts.get(account) ?? NO_TRIES, at))
      if (result === 'right' && !this.isKnown(address, account)) this.#known.set(pair(address, account), NO_TRIES)
    }
  }

  #freeTries (address: string, account: string): number {
    return freeTries(this.#accounts.get(account) ?? NO_TRIES, this.isKnown(address, account), this.#clock.now())
  }

  #place (address: string, account: string): Place {
    return this.isKnown(address, account) ? { counts: this.#known, key: pair(address, account) } : { counts: this.#addresses, key: address }
  }

  #count ({ counts, key }: Place): TryCount {
    return counts.get(key) ?? NO_TRIES
  }

  #note (place: Place, event: TryEvent): void {
    place.counts.set(place.key, next(this.#count(place), event))
  }
}

function throwIf (refusal: TryRefusal | undefined): void {
  if (refusal) throw new TooManyTries(MESSAGES[refusal.why], refusal.retryAfterMs)
}

const pair = (address: string, account: string): string => `${address} ${account}`
