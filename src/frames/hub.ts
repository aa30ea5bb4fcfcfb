import { EventEmitter } from 'node:events'
import type { Clock } from '../clock.js'
import type { Frame } from './frame.js'
import { Subscriber, type Delivery, type End, type Sink, type Subscription } from './subscriber.js'

/**
 * One rendition's fan-out point: every frame that is published goes to every subscriber, and nobody waits for anybody.
 * Emits `watched` with its first subscriber and `unwatched` after its last.
 */
export class Hub extends EventEmitter<{ watched: [], unwatched: [] }> {
  readonly #clock: Clock
  #latest: Frame | undefined
  #droppedByGone = 0
  #stalled = 0
  readonly #subscribers = new Set<Subscriber>()

  constructor (clock: Clock) {
    super()
    this.#clock = clock
  }

  /** What a new subscriber sees first: the newest picture or status frame; undefined between the two. */
  get latest (): Frame | undefined { return this.#latest }
  get viewers (): number { return this.#subscribers.size }

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
    this.#latest = frame
    for (const subscriber of this.#subscribers) subscriber.offer(frame)
  }

  /** What was published last does not hold any more. Subscribers stay. */
  clear (): void {
    this.#latest = undefined
    for (const subscriber of this.#subscribers) subscriber.clear()
  }

  /** The latest frame, if there is one, is handed to the sink at once. */
  subscribe (sink: Sink, subscription?: Subscription): Subscriber {
    const subscriber = new Subscriber(sink, (gone, why) => this.#remove(gone, why), this.#clock, subscription)
    this.#subscribers.add(subscriber)
    if (this.#latest) subscriber.offer(this.#latest)
    if (this.#subscribers.size === 1) this.emit('watched')
    return subscriber
  }

  /** Ends every subscriber. */
  close (): void {
    for (const subscriber of this.#subscribers) subscriber.end('closed')
  }

  #remove (subscriber: Subscriber, why?: End): void {
    if (why === 'stalled') this.#stalled++
    this.#subscribers.delete(subscriber)
    this.#droppedByGone += subscriber.dropped
    if (this.#subscribers.size === 0) this.emit('unwatched')
  }
}
