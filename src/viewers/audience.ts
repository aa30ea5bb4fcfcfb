import type { Principal } from '../access/principal.js'
import type { ProofEnd } from '../access/revocations.js'
import type { Clock } from '../clock.js'
import type { Open } from './viewers.js'

/** How often each stream is asked again whether its viewer may still watch. */
const CHECK_INTERVAL_MS = 5_000

interface Watching {
  readonly principal: Principal
  readonly leave: (why: ProofEnd | 'changed') => void
}

/** Who watches the streams. A stream lasts for days: it ends when its viewer's proof does. */
export class Audience {
  readonly #clock: Clock
  readonly #ended: (principal: Principal, now: number) => ProofEnd | undefined
  readonly #watching = new Map<Pick<Open, 'once'>, Watching>()
  #cancel: (() => void) | undefined

  constructor (clock: Clock, ended: (principal: Principal, now: number) => ProofEnd | undefined) {
    this.#clock = clock
    this.#ended = ended
  }

  /** Calls `leave` once, if the principal may not watch any longer before the response closes. */
  add (principal: Principal, response: Pick<Open, 'once'>, leave: Watching['leave']): void {
    this.#watching.set(response, { principal, leave })
    response.once('close', () => {
      this.#watching.delete(response)
      if (this.#watching.size === 0) this.#rest()
    })
    this.#cancel ??= this.#clock.after(CHECK_INTERVAL_MS, () => this.#checkLater())
  }

  /** Whether the principal's proof has ended. Then so do all streams whose proof has, before they are asked again. */
  hasEnded (principal: Principal): boolean {
    const isEnded = this.#ended(principal, this.#clock.wall()) !== undefined
    if (isEnded) this.check()
    return isEnded
  }

  /** Asks for every stream, and returns how many end now. Those that `hasChanged` is true for end, too. */
  check (hasChanged = (_principal: Principal) => false): number {
    const now = this.#clock.wall()
    let count = 0
    for (const [response, { principal, leave }] of this.#watching) {
      const end = this.#ended(principal, now)
      const why = end === 'revoked' || !hasChanged(principal) ? end : 'changed'
      if (!why) continue
      this.#watching.delete(response)
      count++
      leave(why)
    }
    return count
  }

  #checkLater (): void {
    this.#cancel = undefined
    this.check()
    if (this.#watching.size > 0) this.#cancel = this.#clock.after(CHECK_INTERVAL_MS, () => this.#checkLater())
  }

  #rest (): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
