import { EventEmitter } from 'node:events'
import type { Clock } from '../clock.js'
import type { Frame } from './frame.js'
import { Subscriber, type Delivery, type End, type Sink, type Subscription } from './subscriber.js'

/** So many subscribers, one or two milliseconds, are offered a frame before whatever else the process has to do gets its turn. */
const SLICE = 64

/**
 * One rendition's fan-out point: every frame that is published goes to every subscriber, and nobody waits for anybody.
 * Where a frame comes before all have been offered the one before it, it takes that one's place: one after the other, each has
 * its turn with what is newest then.
 * Emits `joined` with each subscriber and `left` after each, `watched` with its first and `unwatched` after its last.
 */
export class Hub extends EventEmitter<{ joined: [], left: [], watched: [], unwatched: [] }> {
  readonly #clock: Clock
  #latest: Frame | undefined
  /** Of the round under way. */
  #offered: Frame | undefined
  #droppedByGone = 0
  #stalled = 0
  readonly #subscribers = new Set<Subscriber>()
  /** Of the round under way: whose turn it is next, and how many there are to be offered the latest frame. */
  #turns: Iterator<Subscriber> | undefined
  #left = 0
  #next: NodeJS.Immediate | undefined

  constructor (clock: Clock) {
    super()
    this.#clock = clock
  }

  /** What a new subscriber sees first: the newest picture or status frame; undefined between the two. */
  get latest (): Frame | undefined { return this.#latest }
  get viewers (): number { return this.#subscribers.size }

  /** The highest rate that a subscriber wants, in frames a second; 0 if there is none. */
  get fps (): number {
    let most = 0
    for (const { fps } of this.#subscribers) most = Math.max(most, fps)
    return most
  }

  /** Frames that some subscriber skipped, since the beginning. */
  get dropped (): number {
    let sum = this.#droppedByGone
    for (const { dropped } of this.#subscribers) sum += dropped
    return sum
  }

  /** Subscribers that were let go because they took next to nothing, since the beginning. */
  get stalled (): number { return this.#stalled }

  /** How those fare who watch. `now` is the clock's. */
  deliveries (now: number): Delivery[] {
    return [...this.#subscribers].flatMap(subscriber => subscriber.report(now) ?? [])
  }

  publish (frame: Frame): void {
    this.#latest = this.#offered = frame
    this.#left = this.#subscribers.size
    if (!this.#next) this.#offer()
  }

  /** There is a newer picture, which nobody wanted: whoever subscribes next is not handed what was published last. */
  forget (): void {
    this.#latest = undefined
  }

  /** What was published last does not hold any more. Subscribers stay. */
  clear (): void {
    this.#latest = undefined
    this.#rest()
    for (const subscriber of this.#subscribers) subscriber.clear()
  }

  /** The latest frame, if there is one, is handed to the sink at once. */
  subscribe (sink: Sink, subscription?: Subscription): Subscriber {
    const subscriber = new Subscriber(sink, (gone, why) => this.#remove(gone, why), this.#clock, subscription)
    this.#subscribers.add(subscriber)
    if (this.#next) this.#left++
    if (this.#latest) subscriber.offer(this.#latest)
    this.emit('joined')
    if (this.#subscribers.size === 1) this.emit('watched')
    return subscriber
  }

  /** Ends every subscriber. */
  close (): void {
    for (const subscriber of this.#subscribers) subscriber.end('closed')
  }

  readonly #offer = (): void => {
    for (let i = 0; i < SLICE && this.#left > 0; i++, this.#left--) {
      let turn = this.#turns?.next()
      if (!turn || turn.done) turn = (this.#turns = this.#subscribers.values()).next()
      if (turn.done) return this.#rest() // they have all left
      turn.value.offer(this.#offered!)
    }
    if (this.#left > 0) this.#next = setImmediate(this.#offer)
    else this.#rest()
  }

  /** An iterator that were kept would hold in memory all that the set has held since. */
  #rest (): void {
    this.#turns = undefined
    clearImmediate(this.#next)
    this.#next = this.#offered = undefined
    this.#left = 0
  }

  #remove (subscriber: Subscriber, why?: End): void {
    if (why === 'stalled') this.#stalled++
    this.#subscribers.delete(subscriber)
    this.#droppedByGone += subscriber.dropped
    this.emit('left')
    if (this.#subscribers.size === 0) this.emit('unwatched')
  }
}
