import type { Clock } from '../../clock.js'
import { choosePath, type Choice, type Failing, type Possibilities } from './choice.js'
import type { Failures } from './failures.js'

/** When every path has failed, as while camgate is gone, all are tried again after so long. */
const BEGIN_AGAIN_MS = 2_000

export type LadderParts = Omit<Possibilities, 'failed'>

/** Steps down from path to path as they fail, and up again when it is time to try a better one. */
export class Ladder {
  readonly #clock: Clock
  readonly #failures: Failures
  readonly #changed: () => void
  #cancel: () => void = () => {}

  /** `changed`: choose() may return another path now. */
  constructor (clock: Clock, failures: Failures, changed: () => void) {
    this.#clock = clock
    this.#failures = failures
    this.#changed = changed
  }

  /** Undefined if this browser has no path; `later` if all have failed. */
  choose (parts: LadderParts): Choice | 'later' | undefined {
    const choice = choosePath({ ...parts, failed: what => parts.forced ? undefined : this.#failures.reason(what) })
    const retryIn = parts.forced ? undefined : this.#failures.retryIn
    this.#cancel()
    if (retryIn === undefined) return choice
    if (!choice) this.#failures.forget() // what failed because camgate is gone must not be remembered
    this.#cancel = this.#clock.after(choice ? retryIn : BEGIN_AGAIN_MS, this.#changed)
    return choice ?? 'later'
  }

  failed (what: Failing, reason: string): void {
    this.#failures.note(what, reason)
    this.#changed()
  }

  close (): void { this.#cancel() }
}
