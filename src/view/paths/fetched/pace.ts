const MIN_WAIT_MS = 200
const MAX_WAIT_MS = 1_000
const MAX_RETRY_MS = 10_000

/** How long to wait before the next request for a snapshot, so that a picture is asked for about as often as it changes: five times a second to once. */
export class Pace {
  #wait = MIN_WAIT_MS
  #failures = 0

  /** Whether the last two pictures differed. */
  came (isNew: boolean): number {
    this.#failures = 0
    this.#wait = isNew ? Math.max(MIN_WAIT_MS, this.#wait / 2) : Math.min(MAX_WAIT_MS, this.#wait * 1.5)
    return this.#wait
  }

  failed (): number {
    return Math.min(MAX_RETRY_MS, MAX_WAIT_MS * 2 ** this.#failures++)
  }

  get failures (): number { return this.#failures }
}
