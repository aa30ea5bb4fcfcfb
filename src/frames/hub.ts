import { EventEmitter } from 'node:events'
import type { Frame } from './frame.js'
import { Subscriber, type Sink } from './subscriber.js'

/**
 * One rendition's fan-out point: every frame that is published goes to every subscriber, and nobody waits for anybody.
 * Emits `watched` with its first subscriber and `unwatched` after its last.
 */
export class Hub extends EventEmitter<{ watched: [], unwatched: [] }> {
  #latest: Frame | undefined
  #droppedByGone = 0
  readonly #subscribers = new Set<Subscriber>()

  /** The newest frame while the camera is live; undefined before its first one and after it has gone. */
  get latest (): Frame | undefined { return this.#latest }
  get viewers (): number { return this.#subscribers.size }

  /** Frames that some subscriber skipped, since the beginning. */
  get dropped (): number {
    let sum = this.#droppedByGone
    for (const { dropped } of this.#subscribers) sum += dropped
    return sum
  }

  publish (frame: Frame): void {
    this.#latest = frame
    for (const subscriber of this.#subscribers) subscriber.offer(frame)
  }

  /** The camera is gone: what it sent last is not live any more. Subscribers stay. */
  clear (): void {
    this.#latest = undefined
    for (const subscriber of this.#subscribers) subscriber.clear()
  }

  /** The newest frame, if there is one, is handed to the sink at once. `fps` thins what this subscriber is sent. */
  subscribe (sink: Sink, { fps }: { fps?: number | undefined } = {}): Subscriber {
    const subscriber = new Subscriber(sink, gone => this.#remove(gone), fps)
    this.#subscribers.add(subscriber)
    if (this.#latest) subscriber.offer(this.#latest)
    if (this.#subscribers.size === 1) this.emit('watched')
    return subscriber
  }

  /** Ends every subscriber. */
  close (): void {
    for (const subscriber of this.#subscribers) subscriber.end('closed')
  }

  #remove (subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
    this.#droppedByGone += subscriber.dropped
    if (this.#subscribers.size === 0) this.emit('unwatched')
  }
}
