import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../access/network.js'
import type { Clock } from '../clock.js'
import { AgeHistogram } from '../frames/age-histogram.js'
import type { Transport } from '../frames/subscriber.js'
import { ConnectionSeats } from './connection-seats.js'
import { ViewerLimit, type LimitedCamera } from './viewer-limit.js'

/** At shutdown, a slow viewer has this long to receive its current frame. */
const FINISH_TIMEOUT_MS = 1_000

/** What is open for a viewer, or for many: a response, or a WebSocket. */
export interface Open {
  once (event: 'close', listener: () => void): unknown
  destroy (): unknown
}

/** All viewers of streams and snapshots: limits their number, tracks their open responses, and ends them. */
export class Viewers {
  /** How old pictures were when a viewer's connection had accepted all of them. */
  readonly ages = { mjpeg: new AgeHistogram(), wall: new AgeHistogram() } satisfies Record<Transport, AgeHistogram>
  readonly #clock: Clock
  readonly #limit: ViewerLimit
  /** What ends each of them in good order, unless it is the end of its hub. */
  readonly #open = new Map<Open, (() => void) | undefined>()
  readonly #streaming = new WeakSet<Socket>()

  /** `max()`: viewers of all cameras together. `maxPerAddress()`: of one address, or of one IPv6 network. `maxConnections()`: of viewers, and of pages that watch nothing at present. */
  constructor (clock: Clock, max?: () => number, maxPerAddress?: () => number, maxConnections?: () => number) {
    this.#clock = clock
    this.#limit = new ViewerLimit(max, maxPerAddress, maxConnections)
  }

  /**
   * Counts the response as a viewer of the camera, at this address, until it closes.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  add (camera: LimitedCamera, response: Open, address: string): void {
    const release = this.seat(camera, address)
    this.track(response)
    response.once('close', release)
  }

  /**
   * Counts a viewer of the camera, at this address. Returns a function that stops counting it; idempotent.
   * @throws {CamgateError} TOO_MANY_VIEWERS
   */
  seat (camera: LimitedCamera, address: string): () => void { return this.#limit.take(camera, networkOf(address)) }

  /** The seats of one connection that shows many pictures. @throws {CamgateError} TOO_MANY_VIEWERS */
  seats (address: string): ConnectionSeats { return new ConnectionSeats(this.#limit, networkOf(address)) }

  /** Ends it with `leave` when all viewers end, and cuts it off if that takes too long. */
  track (open: Open, leave?: () => void): void {
    this.#open.set(open, leave)
    open.once('close', () => { this.#open.delete(open) })
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
    for (const leave of this.#open.values()) leave?.()
    const cancel = this.#clock.after(FINISH_TIMEOUT_MS, () => { for (const open of this.#open.keys()) open.destroy() })
    await Promise.all([...this.#open.keys()].map(open => new Promise<void>(resolve => { open.once('close', resolve) }))) // not events.once, which rejects on an error
    cancel()
  }
}
