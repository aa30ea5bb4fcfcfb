import type { Clock } from '../clock.js'
import type { Frame } from '../frames/frame.js'
import { Pacer } from '../frames/pacer.js'
import type { Encoding } from './encoding.js'

/** Give up on a picture after this long without output, and send the next. */
const OUTPUT_TIMEOUT_MS = 1_000

/**
 * Gives an encoding one picture at a time: after each result, the newest picture. So it knows which picture each result was made from,
 * and never makes one look newer than it is.
 */
export class OneInFlight {
  readonly #encoding: Encoding
  readonly #clock: Clock
  readonly #onPending: () => void
  readonly #pacer: Pacer | undefined
  /** For the rate that viewers want, which may be lower. */
  #wantedPacer: Pacer | undefined
  #wantedFps = Infinity
  /** Whether a viewer has no picture yet. */
  #isUrgent = true
  /** Pictures without a result so far; usually one. */
  readonly #inFlight: Frame[] = []
  #newest: Frame | undefined
  /** Whether a result has come out since the last picture was given. */
  #hasResult = true
  /** Whether the next picture has to wait, for a result or for the timeout. */
  #isWaiting = false
  #slot: Frame | undefined
  #cancelTimeout = () => {}

  /** `fps` is the highest rate at which pictures are given. `onPending` is called when a result becomes due. */
  constructor (encoding: Encoding, clock: Clock, onPending: () => void, fps?: number) {
    this.#encoding = encoding
    this.#clock = clock
    this.#onPending = onPending
    this.#pacer = fps === undefined ? undefined : new Pacer(fps)
  }

  /** Whether a picture has no result yet. */
  get isPending (): boolean { return this.#inFlight.length > 0 }

  /** Sets the highest rate that a viewer wants. */
  pace (fps: number): void {
    if (fps === this.#wantedFps) return
    this.#wantedFps = fps
    this.#wantedPacer = fps === Infinity ? undefined : new Pacer(fps)
    if (this.#newest) this.#wantedPacer?.restart(this.#newest.at)
  }

  /** Call it for a viewer that has no picture. The next one is given whatever the rate, unless one is in flight. Returns whether it will be. */
  hurry (): boolean {
    this.#isUrgent ||= !this.isPending
    return this.#isUrgent
  }

  /** Ignores status frames. Returns false if the picture is skipped because no viewer wants it yet. */
  offer (frame: Frame): boolean {
    if (!frame.live) return true
    if (!this.#isUrgent && this.#wantedPacer?.isDue(frame.at) === false) return this.#pacer?.isDue(frame.at) === false
    if (this.#pacer?.admits(frame.at) === false) return true
    if (this.#isUrgent) this.#wantedPacer?.restart(frame.at)
    else this.#wantedPacer?.admits(frame.at)
    this.#isUrgent = false
    if (this.#isWaiting) this.#slot = frame
    else this.#give(frame)
    return true
  }

  /**
   * Call it for each result. Returns its source's times, and whether it was damaged. If several pictures may be the source, returns the
   * times of the earliest, and whether any was damaged. Call `next` once the result is published.
   */
  result (): Pick<Frame, 'at' | 'originalAt' | 'damaged'> {
    this.#hasResult = true
    const candidates = this.#inFlight.length > 0 ? this.#inFlight : this.#newest ? [this.#newest] : []
    const source = { at: candidates[0]?.at ?? 0, originalAt: candidates[0]?.originalAt, damaged: candidates.some(({ damaged }) => damaged) }
    this.#inFlight.shift()
    return source
  }

  next (): void {
    if (this.#isWaiting && !this.isPending) this.#giveNext()
  }

  stop (): void {
    this.#cancelTimeout()
  }

  #give (frame: Frame): void {
    if (!this.isPending) this.#onPending()
    this.#inFlight.push(frame)
    this.#newest = frame
    this.#hasResult = false
    this.#isWaiting = true
    this.#encoding.give(frame)
    this.#startTimeout()
  }

  #startTimeout (): void {
    this.#cancelTimeout()
    this.#cancelTimeout = this.#clock.after(OUTPUT_TIMEOUT_MS, () => {
      if (this.#encoding.full) return this.#startTimeout()
      if (this.#hasResult) this.#inFlight.length = 0 // the result was the last picture's, and those before it have none
      this.#giveNext()
    })
  }

  #giveNext (): void {
    this.#cancelTimeout()
    this.#isWaiting = false
    const next = this.#slot
    this.#slot = undefined
    if (next) this.#give(next)
  }
}
