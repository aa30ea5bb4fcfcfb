import { EventEmitter } from 'node:events'
import type { Clock } from '../clock.js'
import type { Published } from './drop-policy.js'
import { Subscriber, type Delivery, type End, type Sink, type Subscription } from './subscriber.js'

/** Offer a frame to this many subscribers, which takes one or two milliseconds, before the process does anything else. */
const SUBSCRIBERS_PER_TURN = 64

/**
 * A fan-out point: offers every published frame to every subscriber, and none waits for another. A frame that is published in the middle of a
 * round replaces the one before it, and the subscribers that have waited longest come first.
 * Emits `joined` with each subscriber and `left` after each, `watched` with its first and `unwatched` after its last.
 */
export class Hub<T extends Published> extends EventEmitter<{ joined: [], left: [], watched: [], unwatched: [] }> {
  readonly #clock: Clock
  #latest: T | undefined
  #droppedByGone = 0
  #stalled = 0
  readonly #subscribers = new Set<Subscriber<T>>()
  /** The current round: the frame, the subscribers in their order, and how many of them have not been offered it. */
  #offered: T | undefined
  #turns: Iterator<Subscriber<T>> | undefined
  #left = 0
  #nextTurn: NodeJS.Immediate | undefined

  constructor (clock: Clock) {
    super()
    this.#clock = clock
  }

  /** The frame that a new subscriber sees first: the newest picture or status frame. Undefined between the two. */
  get latest (): T | undefined { return this.#latest }
  get viewers (): number { return this.#subscribers.size }

  /** The highest rate that a subscriber wants, in frames per second; 0 without subscribers. */
  get fps (): number {
    let highest = 0
    for (const { fps } of this.#subscribers) highest = Math.max(highest, fps)
    return highest
  }

  /** Frames that subscribers have skipped since the process started. */
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

  publish (frame: T): void {
    this.#latest = this.#offered = frame
    this.#left = this.#subscribers.size
    if (!this.#nextTurn) this.#offer()
  }

  /** Call this if a newer picture was not made because nobody wanted it. The next subscriber then does not get the old one. */
  forget (): void {
    this.#latest = undefined
  }

  /** Discards the last frame, because it is out of date. Subscribers stay. */
  clear (): void {
    this.#latest = undefined
    this.#endRound()
    for (const subscriber of this.#subscribers) subscriber.clear()
  }

  /** Writes the latest frame, if there is one, to the sink at once. */
  subscribe (sink: Sink<T>, subscription?: Subscription<T>): Subscriber<T> {
    const subscriber = new Subscriber(sink, (gone, why) => this.#remove(gone, why), this.#clock, subscription)
    this.#subscribers.add(subscriber)
    if (this.#nextTurn) this.#left++
    if (this.#latest) subscriber.offer(this.#latest)
    this.emit('joined')
    if (this.#subscribers.size === 1) this.emit('watched')
    return subscriber
  }

  /** Ends every subscription. */
  close (): void {
    for (const subscriber of this.#subscribers) subscriber.end('closed')
  }

  readonly #offer = (): void => {
    for (let i = 0; i < SUBSCRIBERS_PER_TURN && this.#left > 0; i++, this.#left--) {
      let turn = this.#turns?.next()
      if (!turn || turn.done) turn = (this.#turns = this.#subscribers.values()).next()
      if (turn.done) return this.#endRound() // they have all left
      turn.value.offer(this.#offered!)
    }
    if (this.#left > 0) this.#nextTurn = setImmediate(this.#offer)
    else this.#endRound()
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
