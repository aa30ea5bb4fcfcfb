import type { Clock } from '../clock.js'

/** An ffmpeg that has not taken its pictures by then keeps nobody waiting any longer: it may hang, or still be starting. */
const MAX_TURN_MS = 500

/** One ffmpeg's right to be given pictures. */
export interface Turn {
  /** Whether pictures may be written now. If not, `onTurn` is called once they may, after this call has returned, unless `end` is called first. */
  take (): boolean
  /** Call it when ffmpeg has taken all that was written, or gets nothing more. Idempotent. */
  end (): void
}

/**
 * Gives few ffmpegs pictures at a time, in the order in which they ask. If many had some at once on a machine that has too much to decode, each of them
 * would take long for its pictures, which get old in the pipes, where none can be dropped; and camgate itself would have to wait for the processor.
 */
export class Turns {
  readonly #clock: Clock
  readonly #atOnce: number
  /** When each turn was taken. */
  readonly #taken = new Map<Turn, number>()
  readonly #waiting = new Map<Turn, () => void>()
  /** Those whose `take` has not returned yet: its answer is enough. */
  readonly #asking = new Set<Turn>()

  constructor (clock: Clock, atOnce: number) {
    this.#clock = clock
    this.#atOnce = atOnce
  }

  turn (onTurn: () => void): Turn {
    const turn: Turn = {
      take: () => {
        if (this.#taken.has(turn)) return true
        if (this.#isFree() && this.#waiting.size === 0) {
          this.#taken.set(turn, this.#clock.now())
          return true
        }
        if (!this.#waiting.has(turn)) this.#waiting.set(turn, onTurn)
        this.#asking.add(turn)
        this.#callNext()
        this.#asking.delete(turn)
        return this.#taken.has(turn)
      },
      end: () => {
        this.#waiting.delete(turn)
        if (this.#taken.delete(turn)) this.#callNext()
      }
    }
    return turn
  }

  #isFree (): boolean {
    const expired = this.#clock.now() - MAX_TURN_MS
    for (const [turn, since] of this.#taken) if (since <= expired) this.#taken.delete(turn)
    return this.#taken.size < this.#atOnce
  }

  #callNext (): void {
    for (const [turn, onTurn] of this.#waiting) {
      if (!this.#isFree()) return
      this.#waiting.delete(turn)
      this.#taken.set(turn, this.#clock.now())
      if (!this.#asking.has(turn)) onTurn()
    }
  }
}
