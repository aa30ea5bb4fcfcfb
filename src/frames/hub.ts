import { EventEmitter } from 'node:events'
import type { Clock } from '../clock.js'
import type { Published } from './drop-policy.js'
import { RetainedNewest, type Retained } from './retained.js'
import { Subscriber, type Delivery, type End, type Sink, type Subscription, type Transport } from './subscriber.js'

/** Offer an item to this many subscribers, which takes one or two milliseconds, before the process does anything else. */
const SUBSCRIBERS_PER_TURN = 64

/**
 * A fan-out point: offers every published item to every subscriber, and none waits for another. After an item that is published in the middle of
 * a round, the subscribers that have waited longest come first. They are offered what they have missed, as far as it is retained.
 * Emits `joined` with each subscriber and `left` after each, `watched` with its first and `unwatched` after its last.
 */
export class Hub<T extends Published> extends EventEmitter<{ joined: [], left: [], watched: [], unwatched: [] }> {
  readonly #clock: Clock
  readonly #retained: Retained<T>
  #droppedByGone = 0
  #stalled = 0
  readonly #subscribers = new Set<Subscriber<T>>()
  /** The current round: the newest item, the subscribers in their order, and how many of them have not been offered it. */
  #offered: T | undefined
  #turns: Iterator<Subscriber<T>> | undefined
  #left = 0
  #nextTurn: NodeJS.Immediate | undefined
  #isClosed = false

  /** A new subscriber is offered all that `retained` keeps: by default, the newest item. */
  constructor (clock: Clock, retained: Retained<T> = new RetainedNewest()) {
    super()
    this.#clock = clock
    this.#retained = retained
  }

  /** The newest item that a new subscriber is offered. Undefined between pictures and status frames. */
  get latest (): T | undefined { return this.#retained.items.at(-1) }
  get viewers (): number { return this.#subscribers.size }

  /** How many of them receive items in this way, without camgate's own receivers. */
  viewersBy (transport: Transport): number {
    let count = 0
    for (const { viewedBy } of this.#subscribers) if (viewedBy === transport) count++
    return count
  }

  /** The highest rate that a subscriber wants, in frames per second; 0 without subscribers. */
  get fps (): number {
    let highest = 0
    for (const { fps } of this.#subscribers) highest = Math.max(highest, fps)
    return highest
  }

  /** Items that subscribers have skipped since the process started. */
  get dropped (): number {
    let sum = this.#droppedByGone
    for (const { dropped } of this.#subscribers) sum += dropped
    return sum
  }

  /** Subscribers disconnected since the process started because they accepted next to nothing. */
  get stalled (): number { return this.#stalled }

  /** How each viewer keeps up. `now` is the clock's. */
  deliveries (now: number): Delivery[] {
    return [...this.#subscribers].flatMap(subscriber => subscriber.report(now) ?? [])
  }

  publish (item: T): void {
    this.#retained.add(item)
    this.#offered = item
    this.#left = this.#subscribers.size
    if (!this.#nextTurn) this.#offer()
  }

  /** Call this if a newer item was not made because nobody wanted it. The next subscriber then does not get the old one. */
  forget (): void {
    this.#retained.clear()
  }

  /** Discards what is retained and what waits, because it is out of date. Subscribers stay. */
  clear (): void {
    this.#retained.clear()
    this.#endRound()
    for (const subscriber of this.#subscribers) subscriber.clear()
  }

  /** Offers the retained items at once: the first of them is written to the sink before this returns. */
  subscribe (sink: Sink<T>, subscription?: Subscription<T>): Subscriber<T> {
    const subscriber = new Subscriber(sink, (gone, why) => this.#remove(gone, why), this.#clock, subscription)
    this.#subscribers.add(subscriber)
    if (this.#nextTurn) this.#left++
    this.#offerRetained(subscriber)
    this.emit('joined')
    if (this.#subscribers.size === 1) this.emit('watched')
    return subscriber
  }

  get isClosed (): boolean { return this.#isClosed }

  /** Ends every subscription. Nothing is published any more. */
  close (): void {
    this.#isClosed = true
    for (const subscriber of this.#subscribers) subscriber.end('closed')
  }

  readonly #offer = (): void => {
    for (let i = 0; i < SUBSCRIBERS_PER_TURN && this.#left > 0; i++, this.#left--) {
      let turn = this.#turns?.next()
      if (!turn || turn.done) turn = (this.#turns = this.#subscribers.values()).next()
      if (turn.done) return this.#endRound() // they have all left
      this.#offerRetained(turn.value)
      if (this.#offered) turn.value.offer(this.#offered) // again, or not retained
    }
    if (this.#left > 0) this.#nextTurn = setImmediate(this.#offer)
    else this.#endRound()
  }

  /** Offers what the subscriber has not been offered yet. Its sink may publish or clear meanwhile. */
  #offerRetained (subscriber: Subscriber<T>): void {
    for (let item = this.#firstAfter(subscriber.seq); item; item = this.#firstAfter(subscriber.seq)) subscriber.offer(item)
  }

  #firstAfter (seq = -Infinity): T | undefined {
    const { items } = this.#retained
    const newest = items.at(-1)
    return newest && newest.seq > seq ? items[Math.max(0, items.length - (newest.seq - seq))] : undefined
  }

  /** A live Set iterator keeps removed subscribers reachable: drop it. */
  #endRound (): void {
    this.#turns = undefined
    clearImmediate(this.#nextTurn)
    this.#nextTurn = this.#offered = undefined
    this.#left = 0
  }

  #remove (subscriber: Subscriber<T>, why: End): void {
    if (why === 'stalled') this.#stalled++
    this.#subscribers.delete(subscriber)
    this.#droppedByGone += subscriber.dropped
    this.emit('left')
    if (this.#subscribers.size === 0) this.emit('unwatched')
  }
}
