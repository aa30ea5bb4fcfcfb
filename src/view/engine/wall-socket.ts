import type { Clock } from '../../clock.js'
import { closeCodes, subprotocols, type ClientMessage, type ServerMessage } from '../../wire/messages.js'

const MIN_DELAY_MS = 500
const MAX_DELAY_MS = 15_000
/** A server that answers nothing for so long is gone, whatever the operating system believes. */
const ANSWER_TIMEOUT_MS = 8_000
const ASK_INTERVAL_MS = 5_000
/** After the machine slept, the connection probably is gone, and somebody is looking. */
const WAKE_TIMEOUT_MS = 2_000

export interface WallSocketEvents {
  opened (): void
  message (message: ServerMessage): void
  picture (message: ArrayBuffer): void
  /** `refused`: the connection was never open, or the server said that the proof has ended. */
  closed (reason: string, refused: boolean): void
}

/** A WebSocket to `/wall` that comes back by itself. */
export class WallSocket {
  readonly #clock: Clock
  readonly #open: (url: string, protocols: string[]) => WebSocket
  readonly #events: WallSocketEvents
  readonly #jitter: () => number
  #target: { readonly url: string, readonly token?: string } | undefined
  #socket: WebSocket | undefined
  #isOpen = false
  #failures = 0
  #cancel: (() => void) | undefined

  constructor (clock: Clock, open: (url: string, protocols: string[]) => WebSocket, events: WallSocketEvents, jitter = Math.random) {
    this.#clock = clock
    this.#open = open
    this.#events = events
    this.#jitter = jitter
  }

  /** Connects with this proof, instead of with another. */
  connect (target: { readonly url: string, readonly token?: string }): void {
    this.#target = target
    this.#failures = 0
    this.#leave()
    this.#connect()
  }

  /** Does not wait for the next try. Asks a connection that seems open whether it is: it may be from before the machine slept. */
  wake (): void {
    if (this.#isOpen) this.#ask(WAKE_TIMEOUT_MS)
    else if (!this.#socket && this.#target) this.#connect()
  }

  send (message: ClientMessage): void {
    if (this.#isOpen) this.#socket!.send(JSON.stringify(message))
  }

  close (): void {
    this.#target = undefined
    this.#leave()
  }

  #connect (): void {
    const { url, token } = this.#target!
    this.#cancel?.()
    const socket = this.#socket = this.#open(url, subprotocols(token))
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.#isOpen = true
      this.#ask()
      this.#events.opened()
    }
    socket.onmessage = ({ data }) => this.#receive(data)
    socket.onclose = ({ code, reason }) => this.#gone(reason || 'There is no connection to camgate.', code === closeCodes.proofEnded || !this.#isOpen)
    this.#cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => this.#silent())
  }

  #receive (data: string | ArrayBuffer): void {
    this.#failures = 0 // and not when it opens: a server that is at its end may accept and close
    if (typeof data !== 'string') return this.#events.picture(data)
    const message: ServerMessage = JSON.parse(data)
    if (message.op === 'clock') this.#askLater()
    this.#events.message(message)
  }

  #ask (timeoutMs = ANSWER_TIMEOUT_MS): void {
    this.#cancel?.()
    this.send({ op: 'clock', sent: this.#clock.now() })
    this.#cancel = this.#clock.after(timeoutMs, () => this.#silent())
  }

  #askLater (): void {
    this.#cancel?.()
    this.#cancel = this.#clock.after(ASK_INTERVAL_MS, () => this.#ask())
  }

  #silent (): void {
    const wasOpen = this.#isOpen
    this.#leave()
    this.#gone('camgate does not answer.', !wasOpen)
  }

  #gone (reason: string, refused: boolean): void {
    this.#leave()
    const ceiling = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** this.#failures++)
    this.#cancel = this.#clock.after(MIN_DELAY_MS + this.#jitter() * (ceiling - MIN_DELAY_MS), () => this.#connect())
    this.#events.closed(reason, refused)
  }

  /** Forgets the socket, whose `close` event may be minutes away. */
  #leave (): void {
    this.#cancel?.()
    this.#cancel = undefined
    const socket = this.#socket
    this.#socket = undefined
    this.#isOpen = false
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
