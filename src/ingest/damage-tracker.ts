import type { Clock } from '../clock.js'

/** `since` is the clock's; `pictures` are those that came since then. */
export interface DamageSpell { readonly since: number, readonly pictures: number }

/** For how long a camera's pictures have depended on something that was lost. */
export class DamageTracker {
  readonly #clock: Clock
  #now: DamageSpell | undefined

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** Undefined while pictures are as the camera saw them. */
  get now (): DamageSpell | undefined { return this.#now }

  /** To be called with each picture that comes. */
  note (damaged: boolean): void {
    this.#now = damaged ? { since: this.#now?.since ?? this.#clock.now(), pictures: (this.#now?.pictures ?? 0) + 1 } : undefined
  }
}
