import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'

const retryMs = 100

/** A port that can close and open again; while it is closed, the kernel refuses connections to it. */
export class Listener {
  readonly #host: string
  readonly #clock: Clock
  readonly #accept: (socket: Socket) => void
  #server: Server | null = null
  #port: number

  /** @param port 0 for a free one, which it keeps from then on */
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
   * Throws PORT_BUSY when the port is still taken after `attempts`: while a port is closed, the kernel may lend it to
   * some connection for a moment. The signal calls off what has not opened yet.
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
      await new Promise<void>(resolve => { this.#clock.after(retryMs, resolve) })
      return await this.open({ attempts: attempts - 1, ...(signal && { signal }) })
    }
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
    this.#server = server
  }

  /** Resolves when the port is closed and the last accepted connection, which the caller ends, is gone. */
  async close (): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server === null) return
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  }
}
