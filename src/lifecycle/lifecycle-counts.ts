import type { FailureCode } from '../failure/failure.js'
import { isAlive, outageOf, type State } from './state.js'

/** What has happened to one lifecycle since it was made. */
export class LifecycleCounts {
  /** Starts after a failure, or in place of what was launched before; not those after a rest. */
  restarts = 0
  /** What was launched and failed, by code, in the order in which they came first. */
  readonly failures = new Map<FailureCode, number>()

  /** Call it for each change. */
  note (from: State, to: State): void {
    if (to.kind === 'starting' && (from.kind === 'waiting' || from.kind === 'stopping')) this.restarts++
    const failure = isAlive(from) && !isAlive(to) ? outageOf(to) : null
    if (failure) this.failures.set(failure.code, (this.failures.get(failure.code) ?? 0) + 1)
  }
}
