import type { Clock } from '../clock.js'
import type { Velocity } from './ptz.js'

/** A motion ends this long after the last request for it. The camera's own timeout, 1 s, is longer: it counts only if camgate itself fails. */
export const HOLD_MS = 700
/** The camera is asked again for the same motion after this time. */
const RENEW_MS = 350
/** The camera also ends a motion that it is not told to end, so more tries than these would come too late. */
const STOP_TRIES = 3

export interface Motor {
  move (velocity: Velocity): Promise<void>
  stop (): Promise<void>
}

/**
 * A motion that lasts while somebody asks for it again and again, as a dead man's switch. The camera gets one command at a time; while it answers slowly, only the
 * newest wish waits.
 */
export class HeldMotion {
  readonly #motor: Motor
  readonly #clock: Clock
  readonly #warn: (error: unknown) => void
  /** null: to stand still; undefined: the camera has been told the newest one. */
  #wish: Velocity | null | undefined
  #told: Velocity | null = null
  #toldAt = -Infinity
  #running: Promise<void> | undefined
  #cancel = () => {}

  /** @param warn is given the error of a stop that failed, for the log */
  constructor (motor: Motor, clock: Clock, warn: (error: unknown) => void) {
    this.#motor = motor
    this.#clock = clock
    this.#warn = warn
  }

  get isMoving (): boolean { return (this.#wish === undefined ? this.#told : this.#wish) !== null }

  /** Resolves when the camera has taken it, or at once if it moves so already. */
  async move (velocity: Velocity): Promise<void> {
    this.#cancel()
    this.#cancel = this.#clock.after(HOLD_MS, () => { this.stop().catch(() => {}) })
    const isSame = this.#wish === undefined && this.#told !== null && areEqual(velocity, this.#told)
    if (isSame && this.#clock.now() - this.#toldAt < RENEW_MS) return
    this.#wish = velocity
    await this.#run()
  }

  /** Resolves when the camera stands still, or after several tries. Idempotent. */
  async stop (): Promise<void> {
    this.#cancel()
    if (this.isMoving) this.#wish = null
    await this.#running?.catch(() => {}) // after a move that failed, the camera has been told to stop
    if (this.#wish !== undefined) await this.#run()
  }

  async #run (): Promise<void> {
    this.#running ??= this.#tell().finally(() => { this.#running = undefined })
    await this.#running
  }

  async #tell (): Promise<void> {
    for (let wish = this.#wish; wish !== undefined; wish = this.#wish) {
      this.#wish = undefined
      if (wish === null) {
        this.#told = null
        await this.#halt()
      } else {
        this.#told = wish
        this.#toldAt = this.#clock.now()
        try {
          await this.#motor.move(wish)
        } catch (error) {
          this.#cancel()
          this.#told = null
          await this.#halt() // it may move nevertheless
          this.#wish = undefined
          throw error
        }
      }
    }
  }

  async #halt (): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#motor.stop()
      } catch (error) {
        if (tries < STOP_TRIES) continue
        return this.#warn(error)
      }
    }
  }
}

const areEqual = (one: Velocity, other: Velocity): boolean => one.pan === other.pan && one.tilt === other.tilt && one.zoom === other.zoom
