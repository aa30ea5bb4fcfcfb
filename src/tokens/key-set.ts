import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'

/** Fetched again after this long, so that a withdrawn key is soon refused. */
const FRESH_MS = 600_000
/** If they cannot be fetched, keys are used until they have this age. */
const MAX_KEY_AGE_MS = 3_600_000
/** A token with an unknown key fetches them again, at most this often: anybody can send such a token. */
const MIN_FETCH_INTERVAL_MS = 30_000
const RETRY_DELAY_MS = 10_000
const WARNING_INTERVAL_MS = 60_000

export interface KeySetParts {
  readonly clock: Clock
  /** Rejects with an error whose message is a phrase such as "it answers with 404". */
  readonly fetch: () => Promise<unknown>
  readonly warn: (message: string) => void
}

/** The public keys that a signer publishes. Fetched when the first token comes, kept, and followed when they change. */
export class KeySet {
  readonly #parts: KeySetParts
  #keys: JWTVerifyGetKey | undefined
  #fetchedAt = -Infinity
  #failed = false
  #nextFetchAt = -Infinity
  #warnedAt = -Infinity
  #fetching: Promise<void> | undefined

  constructor (parts: KeySetParts) {
    this.#parts = parts
  }

  /** The key that a token's header names. @throws {CamgateError} KEYS_UNAVAILABLE; jose's errors for a token without a key here */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#age >= FRESH_MS) await this.#refresh()
    try {
      return await this.#usable()(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await this.#refresh()
      if (this.#failed) throw unavailable()
      return await this.#usable()(header, token)
    }
  }

  get #age (): number { return this.#parts.clock.now() - this.#fetchedAt }

  #usable (): JWTVerifyGetKey {
    if (!this.#keys || this.#age >= MAX_KEY_AGE_MS) throw unavailable()
    return this.#keys
  }

  /** Nobody waits for a signer that did not answer last time, as long as there are keys. */
  async #refresh (): Promise<void> {
    if (this.#parts.clock.now() < this.#nextFetchAt) return
    const waits = !this.#failed || this.#age >= MAX_KEY_AGE_MS
    this.#fetching ??= this.#fetch().finally(() => { this.#fetching = undefined })
    if (waits) await this.#fetching
  }

  async #fetch (): Promise<void> {
    const { clock, fetch } = this.#parts
    try {
      this.#keys = createLocalJWKSet(await fetch() as Parameters<typeof createLocalJWKSet>[0])
      this.#fetchedAt = clock.now()
      this.#failed = false
      this.#nextFetchAt = clock.now() + MIN_FETCH_INTERVAL_MS
    } catch (error) {
      this.#failed = true
      this.#nextFetchAt = clock.now() + RETRY_DELAY_MS
      this.#warn(error instanceof errors.JWKSInvalid ? 'its answer is not a key set' : (error as Error).message)
    }
  }

  #warn (reason: string): void {
    const { clock, warn } = this.#parts
    if (clock.now() - this.#warnedAt < WARNING_INTERVAL_MS) return
    this.#warnedAt = clock.now()
    warn(`The keys that tokens are verified with cannot be fetched: ${reason}. ${this.#age < MAX_KEY_AGE_MS ? 'The last ones are used until they are an hour old.' : 'Until they can, all tokens are refused.'}`)
  }
}

const unavailable = () => new CamgateError('KEYS_UNAVAILABLE', 'camgate cannot verify this token, because it cannot fetch the keys of its signer; camgate\'s log says why.')
