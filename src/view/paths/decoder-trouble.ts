import type { Clock } from '../../clock.js'

/** A decoder that has shown nothing of so many pictures in so long never will. Hardware is known for it. */
const MAX_SILENT_PICTURES = 10
const MAX_SILENT_MS = 2_000
/** So many failures in so long are not a matter of single pictures. */
const MAX_FAILURES = 3
const FAILURES_WITHIN_MS = 10_000

/** Whether a decoder works. The processor is tried after hardware, and then the next path. */
export class DecoderTrouble {
  readonly #clock: Clock
  #software = false
  #silent = 0
  #silentSince = 0
  #failures: number[] = []

  constructor (clock: Clock) { this.#clock = clock }

  get software (): boolean { return this.#software }

  given (): void {
    if (this.#silent++ === 0) this.#silentSince = this.#clock.now()
  }

  shown (): void { this.#silent = 0 }
  restarted (): void { this.#silent = 0 }

  isSilent (): boolean {
    const isSilent = this.#silent >= MAX_SILENT_PICTURES && this.#clock.now() - this.#silentSince >= MAX_SILENT_MS
    if (isSilent) this.#failures = Array.from({ length: MAX_FAILURES }, () => this.#clock.now())
    return isSilent
  }

  /** Counts a failure. The first time that they are too many, the processor is to decode. */
  isTooMuch (): boolean {
    const now = this.#clock.now()
    this.#failures = [...this.#failures, now].filter(at => now - at < FAILURES_WITHIN_MS)
    if (this.#failures.length <= MAX_FAILURES) return false
    this.#failures = []
    if (this.#software) return true
    this.#software = true
    return false
  }
}
