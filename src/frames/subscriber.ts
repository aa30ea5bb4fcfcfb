import type { Clock } from '../clock.js'
import type { Frame } from './frame.js'
import { Pacer } from './pacer.js'
import { RateMeter } from './rate.js'

/** Where a subscriber's frames go. */
export interface Sink {
  /** Begins to send the frame and calls `done` once the kernel has taken all of it. Not called again before that. */
  write (frame: Frame, done: () => void): void
  /** The hub has ended. */
  end (): void
}

export interface Subscription {
  /** At most so many frames a second. */
  readonly fps?: number | undefined
  /** Where it comes from, for people to read. */
  readonly from?: string | undefined
  /** Of a receiver that comes from another hub: since when it is there, and what it has skipped. */
  readonly before?: { readonly since: number, readonly dropped: number }
}

/** How one receiver fares. */
export interface Delivery {
  readonly from: string
  /** Since when it is there: the clock's milliseconds. */
  readonly since: number
  /** Frames a second that it took lately. */
  readonly fps: number
  readonly dropped: number
  /** The age, in milliseconds, at which the newest frame that it took was taken whole; null before the first. */
  readonly lagMs: number | null
}

/** Why a subscription ends that its receiver did not end: the hub has closed, or the receiver took next to nothing for too long. */
export type End = 'closed' | 'stalled'

/** One receiver with one slot: while it is busy the newest frame replaces the slot's, so it sees fewer frames, never older ones. */
export class Subscriber {
  dropped = 0
  /** At most so many frames a second are wanted. */
  readonly fps: number

  readonly #sink: Sink
  readonly #leave: (subscriber: Subscriber, why?: End) => void
  readonly #clock: Clock
  readonly #from: string | undefined
  readonly #since: number
  readonly #droppedBefore: number
  readonly #pacer: Pacer | undefined
  readonly #rate = new RateMeter()
  #lag: number | null = null
  /** Of the last frame that was offered. */
  #seq: number | undefined
  #slot: Frame | undefined
  /** What the sink is busy with. */
  #sending: Frame | undefined
  /** Whether the last frame that was offered was live; undefined when what follows is news. */
  #live: boolean | undefined
  #ended = false

  constructor (sink: Sink, leave: (subscriber: Subscriber, why?: End) => void, clock: Clock, { fps, from, before }: Subscription = {}) {
    this.#sink = sink
    this.#leave = leave
    this.#clock = clock
    this.#from = from
    this.#since = before?.since ?? clock.now()
    this.#droppedBefore = before?.dropped ?? 0
    this.fps = fps ?? Infinity
    this.#pacer = fps === undefined ? undefined : new Pacer(fps)
  }

  /** The hub's newest frame; those before it that were not offered were too many for this process. When pictures turn into words, or words into pictures or into other words, no rate delays it. */
  offer (frame: Frame): void {
    const missed = frame.seq - (this.#seq ?? frame.seq - 1) - 1
    if (missed < 0) return // it has come as its first
    this.#seq = frame.seq
    if (!this.#pacer) this.dropped += missed
    const turns = frame.live !== this.#live
    const due = this.#pacer?.admits(frame.at) ?? true
    if (this.#ended || !(due || turns)) return
    this.clear()
    this.#live = frame.live
    if (this.#sending) this.#slot = frame
    else this.#write(frame)
  }

  /** Forgets the frame that waits: another takes its place, or the camera is gone and it would come late as if it were live. */
  clear (): void {
    if (this.#slot?.live) this.dropped++
    this.#slot = this.#live = undefined
  }

  /** Idempotent. After this the sink is not called again, save for its `end` when it is the hub that ends. */
  end (why?: End): void {
    if (this.#ended) return
    this.#ended = true
    this.#slot = undefined
    this.#leave(this, why)
    if (why === 'closed') this.#sink.end()
  }

  /** Undefined for one that has no place to come from: it takes a frame for camgate's own use. `now` is the clock's. */
  report (now: number): Delivery | undefined {
    if (this.#from === undefined) return undefined
    return { from: this.#from, since: this.#since, fps: this.#rate.fps(now), dropped: this.#droppedBefore + this.dropped, lagMs: this.#lag }
  }

  #write (frame: Frame): void {
    this.#sending = frame
    this.#sink.write(frame, this.#done)
  }

  readonly #done = (): void => {
    const taken = this.#sending
    const next = this.#slot
    this.#sending = this.#slot = undefined
    if (taken?.live) {
      const now = this.#clock.now()
      this.#rate.count(now)
      this.#lag = Math.round(now - taken.at)
    }
    if (next && !this.#ended) this.#write(next)
  }
}
