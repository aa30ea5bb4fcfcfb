import type { Clock } from '../clock.js'
import type { Frame } from '../frames/frame.js'
import { Pacer } from '../frames/pacer.js'
import type { Encoding } from './encoding.js'

/** A picture of which nothing has come for so long (milliseconds) was none: the next one has its turn. */
const NOTHING_AFTER = 1_000

/**
 * Gives an encoding one picture at a time: the next one when the picture made of it has come, and then the newest there is. From that
 * it knows which picture is which, and says of none that it is newer than it is.
 */
export class OneInFlight {
  readonly #encoding: Encoding
  readonly #clock: Clock
  /** Called when a picture is due that was not before. */
  readonly #onDue: () => void
  readonly #pacer: Pacer | undefined
  /** The rate at which pictures are wanted, if that may be less. */
  #wanted: Pacer | undefined
  #fps = Infinity
  /** Somebody has none. */
  #isUrgent = true
  /** What nothing has come of yet; mostly one. */
  readonly #given: Frame[] = []
  #newest: Frame | undefined
  /** Whether something has come since the last one was given. */
  #answered = true
  #busy = false
  #slot: Frame | undefined
  #callOff = () => {}

  /** `fps` is the highest rate at which pictures are given, whoever comes and goes meanwhile. */
  constructor (encoding: Encoding, clock: Clock, onDue: () => void, fps?: number) {
    this.#encoding = encoding
    this.#clock = clock
    this.#onDue = onDue
    this.#pacer = fps === undefined ? undefined : new Pacer(fps)
  }

  get owed (): boolean { return this.#given.length > 0 }

  /** Pictures are wanted at this rate from now on: whoever wants them most often wants no more. */
  pace (fps: number): void {
    if (fps === this.#fps) return
    this.#fps = fps
    this.#wanted = fps === Infinity ? undefined : new Pacer(fps)
    if (this.#newest) this.#wanted?.restart(this.#newest.at)
  }

  /** Somebody came who has none: unless one is being made, the next picture that is offered is wanted, whatever the rate. Returns whether it is. */
  hurry (): boolean {
    this.#isUrgent ||= !this.owed
    return this.#isUrgent
  }

  /** Status frames are passed over. Returns false where the picture is left out because nobody wants it yet. */
  offer (frame: Frame): boolean {
    if (!frame.live) return true
    if (!this.#isUrgent && this.#wanted?.isDue(frame.at) === false) return this.#pacer?.isDue(frame.at) === false
    if (this.#pacer?.admits(frame.at) === false) return true
    if (this.#isUrgent) this.#wanted?.restart(frame.at)
    else this.#wanted?.admits(frame.at)
    this.#isUrgent = false
    if (this.#busy) this.#slot = frame
    else this.#give(frame)
    return true
  }

  /** A picture has come out: when the one came that it was made of, or an earlier one where that is not certain; and whether it may be of a damaged one. */
  came (): { at: number, damaged: boolean } {
    this.#answered = true
    const candidates = this.#given.length > 0 ? this.#given : this.#newest ? [this.#newest] : []
    const came = { at: candidates[0]?.at ?? 0, damaged: candidates.some(({ damaged }) => damaged) }
    this.#given.shift()
    return came
  }

  /** To be called behind that. */
  goOn (): void {
    if (this.#busy && !this.owed) this.#next()
  }

  stop (): void {
    this.#callOff()
  }

  #give (frame: Frame): void {
    if (!this.owed) this.#onDue()
    this.#given.push(frame)
    this.#newest = frame
    this.#answered = false
    this.#busy = true
    this.#encoding.give(frame)
    this.#wait()
  }

  #wait (): void {
    this.#callOff()
    this.#callOff = this.#clock.after(NOTHING_AFTER, () => {
      if (this.#encoding.full) return this.#wait()
      if (this.#answered) this.#given.length = 0 // what came was of the last one, and those before it were none
      this.#next()
    })
  }

  #next (): void {
    this.#callOff()
    this.#busy = false
    const next = this.#slot
    this.#slot = undefined
    if (next) this.#give(next)
  }
}
