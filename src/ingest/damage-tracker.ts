import type { Clock } from '../clock.js'

/** `since` is the clock's time, `pictures` the number of pictures since then. */
export interface DamagePeriod { readonly since: number, readonly pictures: number }

/** Tracks how long a camera's pictures have depended on lost data. */
export class DamageTracker {
  readonly #clock: Clock
  #now: DamagePeriod | undefined

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** Undefined while pictures are undamaged. */
  get now (): DamagePeriod | undefined { return this.#now }

  /** Call it for each picture. */
  note (damaged: boolean): void {
    this.#now = damaged ? { since: this.#now?.since ?? this.#clock.now(), pictures: (this.#now?.pictures ?? 0) + 1 } : undefined
  }
}
