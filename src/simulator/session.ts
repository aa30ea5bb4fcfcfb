import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { HeaderList } from '../rtsp/serialize.js'
import type { Quirks } from '../faults/quirk.js'

const timeoutSeconds = { short: 2, usual: 60 }

/** What a connection's session is called, and how long it lasts. */
export class Session {
  readonly #quirks: Quirks
  readonly #clock: Clock
  readonly #expired: () => void
  #id = newId()
  #callOff = () => {}

  /** @param expired is called when nothing was asked for as long as the timeout says; what comes then is another session. */
  constructor ({ quirks, clock }: { quirks: Quirks, clock: Clock }, expired: () => void) {
    this.#quirks = quirks
    this.#clock = clock
    this.#expired = expired
  }

  get header (): HeaderList {
    return { Session: `${this.#id};timeout=${this.#isShort ? timeoutSeconds.short : timeoutSeconds.usual}` }
  }

  /** Whether a request's Session header means this one. */
  isMeantBy (header: string): boolean {
    const id = this.#quirks.has('session-strict') ? header : header.split(';')[0]!.trim()
    return id === this.#id
  }

  /** Every request that is not refused keeps it alive. Only where it is short it ever ends by itself. */
  prolong (): void {
    this.end()
    if (!this.#isShort) return
    this.#callOff = this.#clock.after(timeoutSeconds.short * 1_000, () => {
      this.#id = newId()
      this.#expired()
    })
  }

  end (): void {
    this.#callOff()
  }

  get #isShort (): boolean {
    return this.#quirks.has('short-session')
  }
}

const newId = () => randomBytes(4).toString('hex')
