import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../access/network.js'
import type { Clock } from '../clock.js'
import { ViewerLimit, type LimitedCamera } from './viewer-limit.js'

/** At shutdown, a slow viewer has this long to receive its current frame. */
const FINISH_TIMEOUT_MS = 1_000

/** All viewers of streams and snapshots: limits their number, tracks their open responses, and ends them. */
export class Viewers {
  readonly #clock: Clock
  readonly #limit: ViewerLimit
  readonly #open = new Set<ServerResponse>()
  readonly #streaming = new WeakSet<Socket>()

  /** `max`: viewers of all cameras together. `maxPerAddress`: of one address, or of one IPv6 network. */
  constructor (clock: Clock, max?: number, maxPerAddress?: number) {
    this.#clock = clock
    this.#limit = new ViewerLimit(max, maxPerAddress)
  }

  /**
   * Counts the response as a viewer of the camera, at this address, until it closes.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  add (camera: LimitedCamera, response: ServerResponse, address: string): void {
    const release = this.#limit.take(camera, networkOf(address))
    this.#open.add(response)
    response.once('close', () => {
      this.#open.delete(response)
      release()
    })
  }

  /**
   * The same for a response that never ends by itself.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  addStream (camera: LimitedCamera, response: ServerResponse, address: string): void {
    this.add(camera, response, address)
    this.#streaming.add(response.socket!)
  }

  /** Whether a stream has begun on this connection. A later request would never be answered, and would take up memory. */
  isStreaming (socket: Socket): boolean { return this.#streaming.has(socket) }

  /** Closes the hubs, and with them every subscription. Resolves when all responses have ended; those that take too long are cut off. */
  async end (hubs: Iterable<{ close (): void }>): Promise<void> {
    for (const hub of hubs) hub.close()
    const cancel = this.#clock.after(FINISH_TIMEOUT_MS, () => { for (const response of this.#open) response.destroy() })
    await Promise.all([...this.#open].map(response => new Promise(resolve => response.once('close', resolve)))) // not events.once, which rejects on an error
    cancel()
  }
}
