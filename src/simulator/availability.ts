import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { Listener } from './listener.js'

export interface ClientConnection {
  /** Resolves when the connection has ended, whichever side ended it. */
  serve (): Promise<void>
  /** Ends the connection at once, or after pending data was sent. */
  end (how: { atOnce: boolean }): void
}

/** One every 100 ms, so 5 seconds in all. */
const REOPEN_ATTEMPTS = 50

/** Makes a camera reachable or not: holds its port and connections, and lets it go away and come back. */
export class Availability {
  readonly #clock: Clock
  readonly #listener: Listener
  /** Each with a promise that resolves when it has ended. */
  readonly #connections = new Map<ClientConnection, Promise<void>>()
  readonly #closing = new AbortController()
  #cancelTimer = () => {}
  #lastStep: Promise<unknown> = Promise.resolve()

  /** @param port 0 for any free one; it stays the same from then on */
  constructor (host: string, port: number, clock: Clock, accept: (socket: Socket) => ClientConnection) {
    this.#clock = clock
    this.#listener = new Listener(host, port, clock, socket => {
      const connection = accept(socket)
      this.#connections.set(connection, connection.serve().then(() => { this.#connections.delete(connection) }))
    })
  }

  get port (): number {
    return this.#listener.port
  }

  /** The number of connections. */
  get connections (): number {
    return this.#connections.size
  }

  get closed (): boolean {
    return this.#closing.signal.aborted
  }

  /** Opens the port for the first time. Throws PORT_BUSY. */
  async open (): Promise<void> {
    await this.#inOrder(() => this.#listener.open())
  }

  /** Opens the port again if it is closed, and keeps it open. Throws PORT_BUSY if another program has taken it. */
  async stay (): Promise<void> {
    this.#cancelTimer()
    await this.#comeBack()
  }

  /** Alternates between `up` seconds reachable and `down` seconds away. */
  async comeAndGo (times: { up: number, down: number }): Promise<void> {
    this.#cancelTimer()
    this.#goLater(times)
    await this.#comeBack()
  }

  /** Goes away and stays away. Resolves when the port is closed and every connection has ended. */
  async leave (): Promise<void> {
    this.#cancelTimer()
    await this.#goAway()
  }

  /** Ends every connection; new ones are accepted. */
  disconnectAll (how: { atOnce: boolean }): void {
    for (const connection of this.#connections.keys()) connection.end(how)
  }

  /** Leaves for good. Idempotent. */
  async close (): Promise<void> {
    this.#closing.abort()
    await this.leave()
  }

  #goLater (times: { up: number, down: number }): void {
    this.#cancelTimer = this.#clock.after(times.up * 1_000, () => {
      void this.#goAway()
      this.#cancelTimer = this.#clock.after(times.down * 1_000, () => {
        this.#goLater(times)
        this.#comeBack().catch(() => {}) // while another program has the port, the camera stays away
      })
    })
  }

  #comeBack (): Promise<void> {
    const { signal } = this.#closing
    return this.#inOrder(() => this.#listener.open({ attempts: REOPEN_ATTEMPTS, signal }))
  }

  #goAway (): Promise<void> {
    return this.#inOrder(async () => {
      const closed = this.#listener.close()
      this.disconnectAll({ atOnce: true })
      await Promise.all([closed, ...this.#connections.values()])
    })
  }

  /** The port opens and closes in the order of the calls. */
  async #inOrder (step: () => Promise<void>): Promise<void> {
    const done = this.#lastStep.then(step)
    this.#lastStep = done.catch(() => {})
    await done
  }
}
