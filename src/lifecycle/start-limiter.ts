import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import type { Clock } from '../clock.js'

/** By default, a start loses its place after this time: cameras that hang must not hold up the others. */
const PLACE_TIMEOUT_MS = 2_000

/** Staggers the starts of a fleet: until its first picture, an ffmpeg takes most of a core. */
export class StartLimiter {
  readonly #queue: PQueue
  readonly #clock: Clock
  readonly #timeoutMs: number

  constructor (clock: Clock, places = 2 * availableParallelism(), timeoutMs = PLACE_TIMEOUT_MS) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#queue = new PQueue({ concurrency: places })
  }

  /** Calls `start` when there is a place. The returned function frees the place, or leaves the queue. It is idempotent. */
  enter (start: () => void): () => void {
    let leave!: () => void
    const left = new Promise<void>(resolve => { leave = resolve })
    let waits = true
    void this.#queue.add(async () => {
      if (!waits) return
      const cancel = this.#clock.after(this.#timeoutMs, leave)
      start()
      await left
      cancel()
    })
    return () => {
      waits = false
      leave()
    }
  }
}
