import type { ServerResponse } from 'node:http'
import { networkOf } from '../access/network.js'
import { CamgateError } from '../errors.js'

/** More than the browsers of an office need, each of which has one. Over HTTP/2 an address could have a hundred in each of its connections. */
const MAX_PER_NETWORK = 200

/** Everybody who is told what changes. Their seats are not those of the viewers, so neither can take all of the other's. */
export class Listeners {
  readonly #max: () => number
  readonly #open = new Set<ServerResponse>()
  readonly #networks = new Map<string, number>()

  constructor (max: () => number) {
    this.#max = max
  }

  /**
   * Counts the response as a listener at this address, until it closes.
   * @throws {CamgateError} TOO_MANY_LISTENERS
   */
  add (response: ServerResponse, address: string): void {
    const network = networkOf(address)
    const own = this.#networks.get(network) ?? 0
    if (own >= MAX_PER_NETWORK) throw tooMany(`The address ${network}`, MAX_PER_NETWORK)
    const max = this.#max()
    if (this.#open.size >= max) throw tooMany('camgate', max)
    this.#networks.set(network, own + 1)
    this.#open.add(response)
    response.once('close', () => {
      this.#open.delete(response)
      const left = this.#networks.get(network)! - 1
      if (left > 0) this.#networks.set(network, left)
      else this.#networks.delete(network) // there are more addresses than memory
    })
  }

  /** Ends all responses. */
  end (): void {
    for (const response of this.#open) response.end()
  }
}

const tooMany = (who: string, max: number) =>
  new CamgateError('TOO_MANY_LISTENERS', `${who} has as many listeners for events as it may have (${max}). Ask GET /status now and then, or try again when one has left.`)
