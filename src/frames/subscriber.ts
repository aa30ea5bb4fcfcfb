import type { Clock } from '../clock.js'
import type { AgeHistogram } from './age-histogram.js'
import type { DropPolicy, Published } from './drop-policy.js'
import { Latest } from './latest.js'
import { RateMeter } from './rate-meter.js'

/** Why a receiver is gone: it left, or it accepted no data for too long. */
export type Gone = 'left' | 'stalled'
/** Why a subscription ended. `closed`: its hub closed. */
export type End = 'closed' | Gone

/** How a viewer receives pictures. */
export type Transport = 'mjpeg' | 'wall'

/** Where a subscriber's items go. */
export interface Sink<T> {
  /** Begins to send the item, and calls `done` once the kernel has accepted all of it. Not called again before that. */
  write (item: T, done: () => void): void
  /** The hub has closed. */
  end (): void
  /** Sets the function to call when the receiver is gone. A sink without this method never ends its subscription. */
  onGone? (listener: (why: Gone) => void): void
}

export interface Subscription<T> {
  /** The highest rate that the receiver wants, in frames per second. */
  readonly fps?: number | undefined
  /** The receiver's address, for people to read. */
  readonly from?: string | undefined
  /** Its user, for people to read. */
  readonly user?: string | undefined
  /** How it receives items; as MJPEG unless given. */
  readonly by?: Transport
  /** Where the ages of its pictures are counted. */
  readonly ages?: AgeHistogram | undefined
  /** For a receiver that moves from another hub: when it first subscribed, and how many frames it has skipped. */
  readonly before?: { readonly since: number, readonly dropped: number }
  /** Decides which items a busy receiver skips. By default, all but the latest. */
  readonly policy?: DropPolicy<T>
}

/** How one receiver keeps up. */
export interface Delivery {
  readonly from: string
  readonly user: string | undefined
  readonly by: Transport
  /** When it first subscribed: the clock's `now()`, in milliseconds. */
  readonly since: number
  /** Frames per second that it accepted recently. */
  readonly fps: number
  readonly dropped: number
  /** The newest accepted frame's age when its last byte was accepted, in milliseconds; null before the first. */
  readonly lagMs: number | null
  /** How old its newest painted frame was then, in milliseconds; null if it does not report that. */
  readonly shownAgeMs: number | null
}

/** One receiver. While it is busy, its policy decides what waits and what is dropped. */
export class Subscriber<T extends Published> {
  dropped = 0
  /** How old the newest painted item was then, in milliseconds; null unless the receiver reports it. */
  shownAgeMs: number | null = null
  /** The last offered item's number. */
  seq: number | undefined
  /** The highest rate that the receiver wants, in frames per second. */
  readonly fps: number

  readonly #sink: Sink<T>
  readonly #leave: (subscriber: Subscriber<T>, why: End) => void
  readonly #clock: Clock
  readonly #policy: DropPolicy<T>
  readonly #from: string | undefined
  readonly #user: string | undefined
  readonly #by: Transport
  readonly #since: number
  readonly #droppedBefore: number
  readonly #ages: AgeHistogram | undefined
  readonly #rate = new RateMeter()
  #lagMs: number | null = null
  #sending: T | undefined
  #isWriting = false
  #ended = false

  /** `leave` is called once, when the subscription ends. */
  constructor (sink: Sink<T>, leave: (subscriber: Subscriber<T>, why: End) => void, clock: Clock, subscription: Subscription<T> = {}) {
    const { fps, from, user, by = 'mjpeg', ages, before, policy = new Latest<T>(fps) } = subscription
    this.#sink = sink
    this.#leave = leave
    this.#clock = clock
    this.#policy = policy
    this.#from = from
    this.#user = user
    this.#by = by
    this.#ages = ages
    this.#since = before?.since ?? clock.now()
    this.#droppedBefore = before?.dropped ?? 0
    this.fps = fps ?? Infinity
    sink.onGone?.(why => this.end(why))
  }

  /** Offers the hub's next item. A busy process may have skipped the ones before it. */
  offer (item: T): void {
    const missed = item.seq - (this.seq ?? item.seq - 1) - 1
    if (missed < 0) return // it was offered on subscription
    this.seq = item.seq
    if (this.#ended) return
    this.dropped += this.#policy.offer(item, missed)
    this.#send()
  }

  /** How its viewer receives items; undefined for a receiver without an address, which is one of camgate's own. */
  get viewedBy (): Transport | undefined { return this.#from === undefined ? undefined : this.#by }

  /** Discards the waiting items when the camera is gone. They would otherwise arrive late as if they were live. */
  clear (): void {
    this.dropped += this.#policy.clear()
  }

  /** For a sink that has not begun to send its item: exchanges that for the one that should follow it. Undefined if none waits. */
  exchange (): T | undefined {
    const next = this.#sending && this.#policy.take()
    if (!next) return undefined
    if (this.#sending!.live) this.dropped++
    this.#sending = next
    return next
  }

  /** For a sink that has not begun to send its item: discards that and all that wait. `done` must not be called for it. */
  skip (): void {
    if (this.#sending?.live) this.dropped++
    this.#sending = undefined
    this.clear()
  }

  /** Idempotent. After this the sink is not called again, except for its `end` if the hub has closed. */
  end (why: End = 'left'): void {
    if (this.#ended) return
    this.#ended = true
    this.#policy.clear()
    this.#leave(this, why)
    if (why === 'closed') this.#sink.end()
  }

  /** Undefined for a receiver without an address, which is one of camgate's own. `now` is the clock's. */
  report (now: number): Delivery | undefined {
    if (this.#from === undefined) return undefined
    return { from: this.#from, user: this.#user, by: this.#by, since: this.#since, fps: this.#rate.fps(now), dropped: this.#droppedBefore + this.dropped, lagMs: this.#lagMs, shownAgeMs: this.shownAgeMs }
  }

  /** A loop, because a sink that accepts each item at once would otherwise call back as deep as there are waiting items. */
  #send (): void {
    if (this.#isWriting) return
    this.#isWriting = true
    while (!this.#sending) {
      this.#sending = this.#policy.take()
      if (!this.#sending) break
      this.#sink.write(this.#sending, this.#done)
    }
    this.#isWriting = false
  }

  readonly #done = (): void => {
    const sent = this.#sending
    this.#sending = undefined
    if (sent?.live) {
      const now = this.#clock.now()
      this.#rate.count(now)
      this.#lagMs = Math.round(now - sent.at)
      if (sent.at >= this.#since) this.#ages?.add(now - (sent.originalAt ?? sent.at)) // older ones were kept for whoever joins, and most of them are decoded without being shown
    }
    this.#send()
  }
}
