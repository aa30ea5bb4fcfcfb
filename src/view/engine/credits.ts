import type { Clock } from '../../clock.js'

/** The server lets a connection send only so many messages, and measures the time to a credit in hundreds of milliseconds. */
const CREDIT_INTERVAL_MS = 8

/** Bytes of one connection that were decoded or thrown away, gathered into few messages. */
export class Credits {
  readonly #clock: Clock
  readonly #send: (bytes: number) => void
  #bytes = 0
  #isClosed = false
  #cancel: (() => void) | undefined

  constructor (clock: Clock, send: (bytes: number) => void) {
    this.#clock = clock
    this.#send = send
  }

  add (bytes: number): void {
    if (this.#isClosed) return
    this.#bytes += bytes
    this.#cancel ??= this.#clock.after(CREDIT_INTERVAL_MS, () => {
      this.#cancel = undefined
      const gathered = this.#bytes
      this.#bytes = 0
      this.#send(gathered)
    })
  }

  /** The connection is gone, and the next one owes nothing. */
  close (): void {
    this.#isClosed = true
    this.#cancel?.()
  }
}
