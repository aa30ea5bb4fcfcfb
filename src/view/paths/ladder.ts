import type { Clock } from '../../clock.js'
import { choosePath, needsSocket, NO_SOCKET, type Choice, type Failing, type Possibilities } from './choice.js'
import type { Failures } from './failures.js'

/** When every path has failed, as while camgate is gone, all are tried again after so long. */
const BEGIN_AGAIN_MS = 2_000

export type LadderParts = Omit<Possibilities, 'failed'>

export interface LadderEvents {
  /** choose() returns another path now. */
  changed (): void
  /** choose() returns a better path now, and the one before still works. */
  improved (): void
  /** Whether a WebSocket to camgate opens now. */
  socketOpens (): Promise<boolean>
}

/** Steps down from path to path as they fail, and up again when it is time to try a better one. */
export class Ladder {
  readonly #clock: Clock
  readonly #failures: Failures
  readonly #events: LadderEvents
  #parts: LadderParts | undefined
  #choice: Choice | undefined
  #cancel: () => void = () => {}

  constructor (clock: Clock, failures: Failures, events: LadderEvents) {
    this.#clock = clock
    this.#failures = failures
    this.#events = events
  }

  /** Undefined if this browser has no path; `later` if all have failed. */
  choose (parts: LadderParts): Choice | 'later' | undefined {
    this.#parts = parts
    const choice = this.#choice = this.#best(parts)
    this.#cancel()
    if (choice) this.#wait()
    else if (this.#retryIn !== undefined) {
      this.#failures.forget() // what failed because camgate is gone must not be remembered
      this.#cancel = this.#clock.after(BEGIN_AGAIN_MS, this.#events.changed)
      return 'later'
    }
    return choice
  }

  failed (what: Failing, reason: string): void {
    this.#failures.note(what, reason)
    this.#events.changed()
  }

  close (): void {
    this.#parts = undefined
    this.#cancel()
  }

  get #retryIn (): number | undefined { return this.#parts?.forced ? undefined : this.#failures.retryIn }

  #best (parts: LadderParts): Choice | undefined {
    return choosePath({ ...parts, failed: what => parts.forced ? undefined : this.#failures.reason(what) })
  }

  #wait (): void {
    const ms = this.#retryIn
    if (ms !== undefined) this.#cancel = this.#clock.after(ms, () => { void this.#climb() })
  }

  /** Leaves the picture on the screen alone unless there is a better path, and, if that needs the socket, unless this opens. */
  async #climb (): Promise<void> {
    const [parts, before] = [this.#parts, this.#choice]
    const better = parts && this.#best(parts)
    if (!better || better.path === before?.path) return this.#wait()
    if (before && needsSocket(better.path) && !needsSocket(before.path)) {
      const opens = await this.#events.socketOpens()
      if (parts !== this.#parts) return
      if (!opens) {
        this.#failures.note('socket', NO_SOCKET)
        return this.#wait()
      }
    }
    this.#events.improved()
  }
}
