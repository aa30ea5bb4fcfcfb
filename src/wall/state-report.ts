import { wallTimeOf, type Clock } from '../clock.js'
import { outageOf, type State } from '../lifecycle/state.js'
import type { ServerMessage } from '../wire/messages.js'

type StateMessage = Extract<ServerMessage, { readonly op: 'state' }>

/** Sends a tile's `state` message, and again whenever it differs from the last. */
export class StateReport {
  readonly #id: number
  readonly #clock: Clock
  readonly #send: (message: StateMessage) => void
  #last = ''

  constructor (id: number, clock: Clock, send: (message: StateMessage) => void) {
    this.#id = id
    this.#clock = clock
    this.#send = send
  }

  /** Call it with every state. */
  update (state: State): void {
    const outage = outageOf(state)
    const message: StateMessage = {
      op: 'state',
      id: this.#id,
      state: state.kind,
      since: this.#wall(state.since),
      failure: outage && { code: outage.code, message: outage.message },
      retryAt: state.kind === 'waiting' ? this.#wall(state.retryAt) : null
    }
    const text = JSON.stringify(message)
    if (text === this.#last) return
    this.#last = text
    this.#send(message)
  }

  #wall (at: number): number { return Math.round(wallTimeOf(this.#clock, at)) }
}
