import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { Quirks } from '../faults/quirk.js'
import type { HeaderList } from '../rtsp/serialize.js'

const TIMEOUT_SECONDS = 60
/** The timeout with the quirk `short-session`. */
const SHORT_TIMEOUT_SECONDS = 2

/** The name and the timeout of a connection's RTSP session. */
export class Session {
  readonly #quirks: Quirks
  readonly #clock: Clock
  readonly #onTimeout: () => void
  #id = newId()
  #cancelTimer = () => {}

  /** @param onTimeout called when no request came within the timeout; later requests belong to a new session */
  constructor ({ quirks, clock }: { quirks: Quirks, clock: Clock }, onTimeout: () => void) {
    this.#quirks = quirks
    this.#clock = clock
    this.#onTimeout = onTimeout
  }

  get header (): HeaderList {
    return { Session: `${this.#id};timeout=${this.#isShort ? SHORT_TIMEOUT_SECONDS : TIMEOUT_SECONDS}` }
  }

  /** Whether a request's Session header names this session. */
  matches (header: string): boolean {
    const id = this.#quirks.has('session-strict') ? header : header.split(';')[0]!.trim()
    return id === this.#id
  }

  /** Restarts the timeout, as every accepted request does. Only a short session ever times out. */
  extend (): void {
    this.end()
    if (!this.#isShort) return
    this.#cancelTimer = this.#clock.after(SHORT_TIMEOUT_SECONDS * 1_000, () => {
      this.#id = newId()
      this.#onTimeout()
    })
  }

  end (): void {
    this.#cancelTimer()
  }

  get #isShort (): boolean {
    return this.#quirks.has('short-session')
  }
}

const newId = () => randomBytes(4).toString('hex')
