import type { Camera } from '../config/registry.js'
import { CamgateError } from '../errors.js'

export type LimitedCamera = Pick<Camera, 'id' | 'name' | 'maxViewers'>

/** Limits the viewers of each camera, and of all cameras together. */
export class ViewerLimit {
  readonly #max: number
  readonly #counts = new Map<string, number>()
  #count = 0

  /** `max`: viewers of all cameras together. */
  constructor (max = Infinity) {
    this.#max = max
  }

  /**
   * Counts one viewer of the camera. Returns a function that stops counting it; idempotent.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  take ({ id, name, maxViewers = Infinity }: LimitedCamera): () => void {
    const count = this.#counts.get(id) ?? 0
    if (count >= maxViewers) throw tooMany(`${name} has as many viewers as it may have`, maxViewers)
    if (this.#count >= this.#max) throw tooMany('camgate has as many viewers as it may have', this.#max)
    this.#add(id, 1)
    let isTaken = true
    return () => {
      if (isTaken) this.#add(id, -1)
      isTaken = false
    }
  }

  #add (id: string, difference: 1 | -1): void {
    this.#count += difference
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + difference)
  }
}

const tooMany = (reason: string, max: number) =>
  new CamgateError('TOO_MANY_VIEWERS', `${reason} (${max}). Try again when one has left; maxViewers in cameras.yaml or the limit of open files (ulimit -n) sets the number.`)
