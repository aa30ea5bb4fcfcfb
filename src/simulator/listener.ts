import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'

const RETRY_INTERVAL_MS = 100

/** A port that can close and open again; while it is closed, the kernel refuses connections to it. */
export class Listener {
  readonly #host: string
  readonly #clock: Clock
  readonly #accept: (socket: Socket) => void
  #server: Server | null = null
  #port: number

  /** @param port 0 for any free one; it stays the same from then on */
  constructor (host: string, port: number, clock: Clock, accept: (socket: Socket) => void) {
    this.#host = host
    this.#port = port
    this.#clock = clock
    this.#accept = accept
  }

  get port (): number {
    return this.#port
  }

  /**
   * Throws PORT_BUSY when the port is still taken after `attempts`: while it was closed, the kernel may have lent it to
   * an outgoing connection. The signal cancels an opening.
   */
  async open ({ attempts = 1, signal }: { attempts?: number, signal?: AbortSignal } = {}): Promise<void> {
    if (this.#server || signal?.aborted) return
    const server = createServer({ noDelay: true }, this.#accept)
    try {
      server.listen(this.#port, this.#host)
      await once(server, 'listening')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (attempts <= 1) throw new CamgateError('PORT_BUSY', `Port ${this.#port} on ${this.#host} is taken by another program.`, { cause: error })
      await new Promise<void>(resolve => { this.#clock.after(RETRY_INTERVAL_MS, resolve) })
      return await this.open({ attempts: attempts - 1, ...(signal && { signal }) })
    }
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
    this.#server = server
  }

  /** Resolves when the port is closed and every accepted connection has ended; the caller has to end those. */
  async close (): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server === null) return
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  }
}
