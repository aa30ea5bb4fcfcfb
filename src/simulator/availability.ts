import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { Listener } from './listener.js'

/** Whoever is connected. */
export interface Visitor {
  /** Resolves when it is over, whoever ended it and however. */
  serve (): Promise<void>
  /** Ends after what was sent, or at once. */
  end (how: { atOnce: boolean }): void
}

const reopenAttempts = 50

/** Whether a camera is there at all: its port, who is connected, its coming and going. */
export class Availability {
  readonly #clock: Clock
  readonly #listener: Listener
  readonly #visitors = new Map<Visitor, Promise<void>>() // and when each one is over
  readonly #closing = new AbortController()
  #callOff = () => {}
  #turn: Promise<unknown> = Promise.resolve()

  /** @param port 0 for a free one, which it keeps from then on */
  constructor (host: string, port: number, clock: Clock, welcome: (socket: Socket) => Visitor) {
    this.#clock = clock
    this.#listener = new Listener(host, port, clock, socket => {
      const visitor = welcome(socket)
      this.#visitors.set(visitor, visitor.serve().then(() => { this.#visitors.delete(visitor) }))
    })
  }

  get port (): number {
    return this.#listener.port
  }

  /** How many are connected. */
  get visitors (): number {
    return this.#visitors.size
  }

  get closed (): boolean {
    return this.#closing.signal.aborted
  }

  /** Takes its port. Throws PORT_BUSY. */
  async open (): Promise<void> {
    await this.#inTurn(() => this.#listener.open())
  }

  /** Is there from now on. Throws PORT_BUSY when another program has taken the port meanwhile, and keeps it. */
  async stay (): Promise<void> {
    this.#callOff()
    await this.#comeBack()
  }

  /** Is there for `up` seconds and away for `down`, over and over. */
  async comeAndGo (times: { up: number, down: number }): Promise<void> {
    this.#callOff()
    this.#goLater(times)
    await this.#comeBack()
  }

  /** Is away from now on. Resolves when the port is closed and nobody is connected. */
  async leave (): Promise<void> {
    this.#callOff()
    await this.#goAway()
  }

  /** Ends every connection; whoever calls again is welcome. */
  hangUp (how: { atOnce: boolean }): void {
    for (const visitor of this.#visitors.keys()) visitor.end(how)
  }

  /** Leaves for good. Idempotent. */
  async close (): Promise<void> {
    this.#closing.abort()
    await this.leave()
  }

  #goLater (times: { up: number, down: number }): void {
    this.#callOff = this.#clock.after(times.up * 1_000, () => {
      void this.#goAway()
      this.#callOff = this.#clock.after(times.down * 1_000, () => {
        this.#goLater(times)
        this.#comeBack().catch(() => {}) // a port that stays taken means away for longer
      })
    })
  }

  #comeBack (): Promise<void> {
    const { signal } = this.#closing
    return this.#inTurn(() => this.#listener.open({ attempts: reopenAttempts, signal }))
  }

  #goAway (): Promise<void> {
    return this.#inTurn(async () => {
      const closed = this.#listener.close()
      this.hangUp({ atOnce: true })
      await Promise.all([closed, ...this.#visitors.values()])
    })
  }

  /** The port opens and closes in the order asked for. */
  async #inTurn (step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => {})
    await done
  }
}
