import type { DropPolicy, Published } from './drop-policy.js'
import { Pacer } from './pacer.js'

/** One slot, in which the newest frame replaces the waiting one. A slow viewer sees fewer frames, never older ones. */
export class Latest<T extends Published> implements DropPolicy<T> {
  readonly #pacer: Pacer | undefined
  #slot: T | undefined
  /** Whether the last accepted frame was live; undefined if there is none since `clear`. */
  #live: boolean | undefined

  /** With `fps`, accepts at most this many frames per second. Frames above that rate do not count as dropped. */
  constructor (fps?: number) {
    this.#pacer = fps === undefined ? undefined : new Pacer(fps)
  }

  /** The rate never delays a change between pictures and status frames, or to another status frame. */
  offer (frame: T, missed: number): number {
    const isDue = this.#pacer?.admits(frame.at) ?? true
    const dropped = this.#pacer ? 0 : missed
    if (!isDue && frame.live === this.#live) return dropped
    const replaced = this.clear()
    this.#live = frame.live
    this.#slot = frame
    return dropped + replaced
  }

  take (): T | undefined {
    const next = this.#slot
    this.#slot = undefined
    return next
  }

  clear (): number {
    const dropped = this.#slot?.live ? 1 : 0
    this.#slot = this.#live = undefined
    return dropped
  }
}
