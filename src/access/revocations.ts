import type { Principal } from './principal.js'

/** Why a proof is no longer good. */
export type ProofEnd = 'expired' | 'revoked'

/** Remembers who was logged out by an administrator, and when, in milliseconds of the wall clock. Kept until the process ends. */
export class Revocations {
  readonly #byName = new Map<string, number>()
  #everybody = -Infinity

  /** Every proof that this name, or everybody, has made until now is refused from now on. */
  revoke (name: string | undefined, now: number): void {
    if (name === undefined) this.#everybody = now
    else this.#byName.set(name, now)
  }

  /** Why the proof is no longer good; undefined if it is. */
  verdict ({ name, issuedAt, until = Infinity }: Principal, now: number): ProofEnd | undefined {
    if (issuedAt <= Math.max(this.#everybody, this.#byName.get(name) ?? -Infinity)) return 'revoked'
    return until <= now ? 'expired' : undefined
  }
}
