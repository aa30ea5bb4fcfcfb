import type { Clock } from '../clock.js'

const INTERVAL_MS = 60_000
const MAX_ADDRESSES = 1_000

/** Reports wrong passwords in at most one line a minute. Names stay out of it: people type their password into the wrong field. */
export class WrongPasswordLog {
  readonly #clock: Clock
  readonly #warn: (line: string) => void
  readonly #counts = new Map<string, number>()
  #total = 0
  #isWaiting = false

  constructor (clock: Clock, warn: (line: string) => void) {
    this.#clock = clock
    this.#warn = warn
  }

  /** The first one is reported at once, those of the next minute together. */
  note (address: string): void {
    this.#total++
    const count = this.#counts.get(address) ?? 0
    if (count > 0 || this.#counts.size < MAX_ADDRESSES) this.#counts.set(address, count + 1)
    if (!this.#isWaiting) this.#report()
  }

  #report (): void {
    this.#isWaiting = this.#total > 0
    if (!this.#isWaiting) return
    const [[most, count] = ['', 0], ...others] = [...this.#counts].sort(([, a], [, b]) => b - a)
    this.#warn(`${this.#total} wrong password${this.#total === 1 ? '' : 's'} from ${most}` +
      (others.length > 0 ? ` (${count}) and ${others.length}${this.#counts.size < MAX_ADDRESSES ? '' : ' or more'} other address${others.length === 1 ? '' : 'es'}` : ''))
    this.#counts.clear()
    this.#total = 0
    this.#clock.after(INTERVAL_MS, () => this.#report())
  }
}
