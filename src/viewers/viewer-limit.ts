import type { Camera } from '../config/registry.js'
import { CamgateError } from '../errors.js'

export type LimitedCamera = Pick<Camera, 'id' | 'name' | 'maxViewers'>

/** Limits the viewers of each camera, of each network (`networkOf` an address), and of all together. */
export class ViewerLimit {
  readonly #max: () => number
  readonly #maxPerNetwork: () => number
  readonly #maxConnections: () => number
  readonly #counts = new Map<string, number>()
  readonly #networks = new Map<string, number>()
  #count = 0
  #idle = 0

  /** `max()`: viewers of all cameras together. `maxConnections()`: these, and the connections of pages that watch nothing at present. A lower number than before sends nobody away. */
  constructor (max: () => number = () => Infinity, maxPerNetwork: () => number = () => Infinity, maxConnections: () => number = () => Infinity) {
    this.#max = max
    this.#maxPerNetwork = maxPerNetwork
    this.#maxConnections = maxConnections
  }

  /**
   * Counts one viewer of the camera. Returns a function that stops counting it; idempotent.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  take ({ id, name, maxViewers = Infinity }: LimitedCamera, network: string): () => void {
    const maxPerNetwork = this.#maxPerNetwork()
    if ((this.#networks.get(network) ?? 0) >= maxPerNetwork) throw tooMany(`The address ${network} has as many viewers as it may have`, maxPerNetwork, 'maxViewersPerAddress')
    const count = this.#counts.get(id) ?? 0
    if (count >= maxViewers) throw tooMany(`${name} has as many viewers as it may have`, maxViewers)
    const max = this.#max()
    if (this.#count >= max) throw tooMany('camgate has as many viewers as it may have', max)
    this.checkConnections()
    this.#add(id, network, 1)
    let isTaken = true
    return () => {
      if (isTaken) this.#add(id, network, -1)
      isTaken = false
    }
  }

  /** Counts a connection that watches nothing at present. Returns a function that stops counting it; idempotent. */
  countIdle (): () => void {
    this.#idle++
    let isCounted = true
    return () => {
      if (isCounted) this.#idle--
      isCounted = false
    }
  }

  /** @throws {CamgateError} TOO_MANY_VIEWERS: there is no room for another viewer, nor for a page that watches nothing */
  checkConnections (): void {
    const max = this.#maxConnections()
    if (this.#count + this.#idle >= max) throw tooMany('camgate has as many viewers and open pages as it may have', max)
  }

  #add (id: string, network: string, difference: 1 | -1): void {
    this.#count += difference
    for (const [counts, key] of [[this.#counts, id], [this.#networks, network]] as const) {
      const count = (counts.get(key) ?? 0) + difference
      if (count > 0) counts.set(key, count)
      else counts.delete(key) // there are more addresses than memory
    }
  }
}

const tooMany = (reason: string, max: number, key = 'maxViewers') =>
  new CamgateError('TOO_MANY_VIEWERS', `${reason} (${max}). Try again when one has left; ${key} in cameras.yaml or the limit of open files (ulimit -n) sets the number.`)
