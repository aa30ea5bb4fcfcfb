import type { Camera } from '../config/registry.js'
import { CamgateError } from '../errors.js'

/** How many viewers there may be, of one camera and in all. */
export class ViewerLimit {
  readonly #most: number
  readonly #taken = new Map<string, number>()
  #all = 0

  /** `most` in all. */
  constructor (most = Infinity) {
    this.#most = most
  }

  /**
   * A place for one viewer of the camera. The function that is returned gives it back; idempotent.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  take ({ id, name, maxViewers = Infinity }: Pick<Camera, 'id' | 'name' | 'maxViewers'>): () => void {
    const taken = this.#taken.get(id) ?? 0
    if (taken >= maxViewers) throw full(`${name} has as many viewers as it may have`, maxViewers)
    if (this.#all >= this.#most) throw full('camgate has as many viewers as it may have', this.#most)
    this.#add(id, 1)
    let given = true
    return () => {
      if (given) this.#add(id, -1)
      given = false
    }
  }

  #add (id: string, count: 1 | -1): void {
    this.#all += count
    this.#taken.set(id, (this.#taken.get(id) ?? 0) + count)
  }
}

const full = (what: string, most: number) =>
  new CamgateError('TOO_MANY_VIEWERS', `${what} (${most}). Try again when one has left; maxViewers in cameras.yaml or the limit of open files (ulimit -n) sets the number.`)
