import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import { Recent } from '../access/recent.js'

const KEEP_MS = 60_000
const MAX_KEPT = 10_000

/**
 * Names and passwords that were right within the last minute, so that Basic on each snapshot does not cost scrypt's time again. A proof stands for them:
 * it is keyed with random bytes of this process, so memory holds neither passwords nor anything that can be guessed at elsewhere.
 */
export class VerifiedPasswords {
  readonly #key = randomBytes(32).toString('base64')
  readonly #clock: Clock
  readonly #verified = new Recent<{ until: number }>(MAX_KEPT)
  readonly #checks = new Map<string, Promise<boolean>>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** The parts have their lengths in front: no two lists of parts have one proof. */
  proofOf (...parts: string[]): string {
    return hash('sha256', this.#key + parts.map(part => `${part.length} ${part}`).join(''), 'base64') // nobody sees it who could make it longer
  }

  has (proof: string): boolean {
    return (this.#verified.get(proof)?.until ?? 0) > this.#clock.now()
  }

  /** Runs `check` once for all who ask at the same time: a page of sixteen pictures sends the same password sixteen times. */
  async verify (proof: string, check: () => Promise<boolean>): Promise<boolean> {
    if (this.has(proof)) return true
    const running = this.#checks.get(proof) ?? this.#check(proof, check)
    return await running
  }

  #check (proof: string, check: () => Promise<boolean>): Promise<boolean> {
    const running = check().then(isRight => {
      if (isRight) this.#verified.set(proof, { until: this.#clock.now() + KEEP_MS })
      return isRight
    }).finally(() => this.#checks.delete(proof))
    this.#checks.set(proof, running)
    return running
  }
}
