import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import { Recent } from '../access/recent.js'
import type { UserSettings } from '../access/settings.js'

const KEEP_MS = 60_000
const MAX_KEPT = 10_000

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

  /** Runs `check` once for all who ask at the same time: a page of sixteen pictures sends the same password sixteen times. */
  async verify (proof: string, check: () => Promise<UserSettings | undefined>): Promise<UserSettings | undefined> {
    return this.get(proof) ?? await (this.#checks.get(proof) ?? this.#check(proof, check))
  }

  #check (proof: string, check: () => Promise<UserSettings | undefined>): Promise<UserSettings | undefined> {
    const running = check().then(user => {
      if (user) this.#verified.set(proof, { user, until: this.#clock.now() + KEEP_MS })
      return user
    }).finally(() => this.#checks.delete(proof))
    this.#checks.set(proof, running)
    return running
  }
}
