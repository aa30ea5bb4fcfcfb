import type { Clock } from '../../clock.js'
import { expiryOf, isSameProof, pictureAddresses, wallAddress, type Proof } from './addresses.js'

/** A proof that is refused again and again is not asked for more often. */
export const MIN_RENEW_INTERVAL_MS = 5_000
/** A link is renewed this long before it ends. */
const RENEW_BEFORE_MS = 5_000
/** The timers of browsers hold at most 24 days. */
const MAX_WAIT_MS = 24 * 60 * 60_000

/** Another proof, when one has ended; undefined to go on with the old one. */
export type Renew = () => Promise<Proof | undefined>

/** How one element proves itself now, and the addresses that this opens. */
export class CurrentProof {
  readonly #clock: Clock
  readonly #base: string
  readonly #camera: string
  readonly #ask: Renew
  #proof: Proof
  #askedAt = -Infinity
  #cancel = () => {}

  constructor (clock: Clock, { base, camera, proof, renew }: { readonly base: string, readonly camera: string, readonly proof: Proof, readonly renew: Renew }) {
    this.#clock = clock
    this.#base = base
    this.#camera = camera
    this.#proof = proof
    this.#ask = renew
  }

  get proof (): Proof { return this.#proof }
  get pictures (): ReturnType<typeof pictureAddresses> { return pictureAddresses(this.#base, this.#camera, this.#proof) }
  /** Undefined if the proof opens no socket. */
  get socket (): string | undefined { return wallAddress(this.#base, this.#proof.link) }

  /** Resolves with another proof; undefined if there is none. */
  readonly renew: Renew = async () => {
    const proof = await this.#ask().catch(() => undefined)
    if (!proof || isSameProof(proof, this.#proof)) return undefined
    this.#proof = proof
    return proof
  }

  /** The same, for pictures that the browser has fetched and been refused, unless that was tried just now. */
  async refused (): Promise<Proof | undefined> {
    const now = this.#clock.now()
    if (now - this.#askedAt < MIN_RENEW_INTERVAL_MS) return undefined
    this.#askedAt = now
    return await this.renew()
  }

  /** Calls `ending` shortly before the link ends, if it is one: an `<img>` does not say that its stream was ended. */
  watch (ending: () => void): void {
    this.#cancel()
    const expiry = expiryOf(this.#base, this.#proof.link)
    if (expiry === undefined) return
    const left = expiry - RENEW_BEFORE_MS - this.#clock.wall()
    this.#cancel = this.#clock.after(Math.min(Math.max(left, MIN_RENEW_INTERVAL_MS), MAX_WAIT_MS), () => {
      if (left <= MAX_WAIT_MS) ending()
      else this.watch(ending)
    })
  }

  close (): void { this.#cancel() }
}
