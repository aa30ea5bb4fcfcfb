import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { NotifyTarget } from '../config/notify/target.js'
import { headersOf, type Message } from './message.js'
import type { Outcome, Post } from './post.js'
import { delayAfter, MAX_AGE_MS, reasonOf, verdictOf, type Verdict } from './verdict.js'

/** Messages that were delivered and given up, and attempts that were made again, since camgate was started. */
export type Counts = Record<'delivered' | 'retried' | 'given-up', number>

export type Receiver = Pick<NotifyTarget, 'url' | 'credentials' | 'key'>

export interface DeliveryParts {
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** In [0, 1). */
  readonly random: () => number
  /** Never rejects. */
  readonly post: (post: Post, signal: AbortSignal) => Promise<Outcome>
  readonly counts: Counts
}

/** The way to one receiver: one message at a time, tried again until it is accepted, refused or too old. Logs when it begins to fail and when it works again. */
export class Delivery {
  readonly #parts: DeliveryParts
  readonly #closing = new AbortController()
  #isClosed = false
  #endWait = () => {}
  /** Attempts that have failed in a row, of any message. */
  #failures = 0
  #lastVerdict: Verdict = 'delivered'

  constructor (parts: DeliveryParts) {
    this.#parts = parts
  }

  /** Resolves with whether the receiver has decided about it: false if it is too old, or this was closed. `name` is for the log. */
  async deliver (message: Message, receiver: () => Receiver, name: () => string): Promise<boolean> {
    const { clock, random, post, counts } = this.#parts
    const expiresAt = clock.now() + MAX_AGE_MS
    for (;;) {
      const { url, credentials, key } = receiver()
      const outcome = await post({ url, credentials, headers: headersOf(message, key, clock.wall()), body: message.body }, this.#closing.signal)
      const verdict = verdictOf(outcome)
      if (this.#isClosed && verdict !== 'delivered') return false
      this.#note(verdict, outcome, name())
      if (verdict !== 'retry') {
        this.#failures = 0
        counts[verdict === 'delivered' ? 'delivered' : 'given-up']++
        return true
      }
      const left = expiresAt - clock.now()
      if (left <= 0) {
        counts['given-up']++
        return false
      }
      counts.retried++
      await this.#wait(Math.min(left, delayAfter(outcome, ++this.#failures, random(), clock.wall())))
      if (this.#isClosed) return false
    }
  }

  /** Ends the wait for another attempt at once, and an attempt after this time. */
  close (graceMs: number): void {
    this.#isClosed = true
    this.#endWait()
    this.#parts.clock.after(graceMs, () => this.#closing.abort())
  }

  #note (verdict: Verdict, outcome: Outcome, name: string): void {
    const { log } = this.#parts
    if (verdict === 'delivered' && this.#lastVerdict !== 'delivered') log.info(`Notifications reach ${name} again`)
    if (verdict === 'retry' && this.#lastVerdict !== 'retry') log.warn(`Notifications do not reach ${name}: ${reasonOf(outcome)}. camgate goes on trying.`)
    if (verdict === 'refused' && this.#lastVerdict !== 'refused') log.warn(`${name} refuses a notification: ${reasonOf(outcome)}. It is not sent again.`)
    this.#lastVerdict = verdict
  }

  #wait (ms: number): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#parts.clock.after(ms, resolve)
      this.#endWait = () => {
        cancel()
        resolve()
      }
    })
  }
}
