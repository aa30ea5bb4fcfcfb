import type { Frame } from './frame.js'
import { Pacer } from './pacer.js'

/** A viewer that takes nothing for so long (milliseconds) is gone or hopeless. */
export const STALLED_AFTER = 15_000

/** Where a subscriber's frames go. */
export interface Sink {
  /** Begins to send the frame and calls `done` once the kernel has taken all of it. Not called again before that. */
  write (frame: Frame, done: () => void): void
  /** The hub has ended, or gave this receiver up because it takes nothing. */
  end (why: 'closed' | 'stalled'): void
}

/** One receiver with one slot: while it is busy the newest frame replaces the slot's, so it sees fewer frames, never older ones. */
export class Subscriber {
  dropped = 0

  readonly #sink: Sink
  readonly #leave: (subscriber: Subscriber) => void
  readonly #pacer: Pacer | undefined
  #slot: Frame | undefined
  #busy = false
  /** Since when a frame has been waiting for the sink. */
  #waitingSince: number | undefined
  #ended = false

  constructor (sink: Sink, leave: (subscriber: Subscriber) => void, fps?: number) {
    this.#sink = sink
    this.#leave = leave
    this.#pacer = fps === undefined ? undefined : new Pacer(fps)
  }

  /** The hub's newest frame. */
  offer (frame: Frame): void {
    if (this.#ended || this.#pacer?.admits(frame.at) === false) return
    if (!this.#busy) return this.#write(frame)
    if (this.#slot) this.dropped++
    this.#slot = frame
    this.#waitingSince ??= frame.at
    if (frame.at - this.#waitingSince > STALLED_AFTER) this.end('stalled')
  }

  /** Forgets the frame that waits: the camera is gone, and it would come late as if it were live. */
  clear (): void {
    if (this.#slot) this.dropped++
    this.#slot = undefined
  }

  /** Idempotent. After this the sink is not called again, save for `end` where a reason is given. */
  end (why?: 'closed' | 'stalled'): void {
    if (this.#ended) return
    this.#ended = true
    this.#slot = undefined
    this.#leave(this)
    if (why) this.#sink.end(why)
  }

  #write (frame: Frame): void {
    this.#busy = true
    this.#sink.write(frame, this.#done)
  }

  readonly #done = (): void => {
    this.#busy = false
    this.#waitingSince = undefined
    const next = this.#slot
    this.#slot = undefined
    if (next && !this.#ended) this.#write(next)
  }
}
