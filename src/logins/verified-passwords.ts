import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import { Recent } from '../access/recent.js'
import type { UserSettings } from '../access/settings.js'

const KEEP_MS = 60_000
const MAX_KEPT = 10_000

/** One that each sender of a password has in common, and others. */
type Proofs = readonly [proof: string, ...others: string[]]

/**
 * Users whose password was right within the last minute, so that Basic on each snapshot does not cost scrypt's time again. A proof stands for what was
 * sent: it is keyed with random bytes of this process, so memory holds neither passwords nor anything that can be guessed at elsewhere.
 */
export class VerifiedPasswords {
  readonly #key = randomBytes(32).toString('base64')
  readonly #clock: Clock
  readonly #verified = new Recent<{ readonly user: UserSettings, readonly until: number }>(MAX_KEPT)
  readonly #checks = new Map<string, Promise<UserSettings | undefined>>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** The parts have their lengths in front: no two lists of parts have one proof. */
  proofOf (...parts: string[]): string {
    return hash('sha256', this.#key + parts.map(part => `${part.length} ${part}`).join(''), 'base64') // nobody sees it who could make it longer
  }

  get (proof: string): UserSettings | undefined {
    const known = this.#verified.get(proof)
    return known && known.until > this.#clock.now() ? known.user : undefined
  }

  /**
   * Runs `check` once for all who ask by the first of the proofs at the same time: a page of sixteen pictures sends the same password sixteen times. For a
   * minute, `get` finds the user by each of them.
   */
  async verify (proofs: Proofs, check: () => Promise<UserSettings | undefined>): Promise<UserSettings | undefined> {
    return this.get(proofs[0]) ?? await (this.#checks.get(proofs[0]) ?? this.#check(proofs, check))
  }

  #check (proofs: Proofs, check: () => Promise<UserSettings | undefined>): Promise<UserSettings | undefined> {
    const [proof] = proofs
    const running = check().then(user => {
      const until = this.#clock.now() + KEEP_MS
      if (user) for (const each of proofs) this.#verified.set(each, { user, until })
      return user
    }).finally(() => this.#checks.delete(proof))
    this.#checks.set(proof, running)
    return running
  }
}
