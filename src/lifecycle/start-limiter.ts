import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import type { Clock } from '../clock.js'

/** A start keeps its place for so long at most (milliseconds): cameras that hang must not hold up the others. */
const HOLD = 2_000

/** Staggers the starts of a fleet: an ffmpeg takes most of a core until its first picture. */
export class StartLimiter {
  readonly #queue: PQueue
  readonly #clock: Clock

  constructor (clock: Clock, places = 2 * availableParallelism()) {
    this.#clock = clock
    this.#queue = new PQueue({ concurrency: places })
  }

  /** Calls `start` when there is a place. The function that is returned gives the place back, or steps out of the queue; idempotent. */
  enter (start: () => void): () => void {
    let leave!: () => void
    const left = new Promise<void>(resolve => { leave = resolve })
    let waits = true
    void this.#queue.add(async () => {
      if (!waits) return
      const callOff = this.#clock.after(HOLD, leave)
      start()
      await left
      callOff()
    })
    return () => {
      waits = false
      leave()
    }
  }
}
