import type { Clock } from '../../clock.js'

/** What the camera's own log says that it did. `at` is the clock's time. */
export interface PtzEntry {
  readonly at: number
  readonly did: 'move' | 'stop' | 'timeout' | 'preset' | 'home'
  /** How fast it moves, or where it goes. */
  readonly what?: string
}

/** What moves: it goes on until it is told to stop, or until the time is over that came with the command. */
export class PtzHead {
  readonly log: PtzEntry[] = []
  readonly #clock: Clock
  #cancel = () => {}
  #isMoving = false

  constructor (clock: Clock) {
    this.#clock = clock
  }

  get isMoving (): boolean { return this.#isMoving }

  /** @param seconds Infinity: until it is told to stop */
  move (what: string, seconds: number): void {
    this.#cancel()
    this.#note('move', what)
    this.#isMoving = true
    if (seconds === Infinity) return
    this.#cancel = this.#clock.after(seconds * 1_000, () => {
      this.#isMoving = false
      this.#note('timeout')
    })
  }

  stop (): void { this.#rest('stop') }
  goTo (preset: string): void { this.#rest('preset', preset) }
  goHome (): void { this.#rest('home') }
  close (): void { this.#cancel() }

  #rest (did: PtzEntry['did'], what?: string): void {
    this.#cancel()
    this.#isMoving = false
    this.#note(did, what)
  }

  #note (did: PtzEntry['did'], what?: string): void {
    this.log.push({ at: this.#clock.now(), did, ...what !== undefined && { what } })
  }
}
