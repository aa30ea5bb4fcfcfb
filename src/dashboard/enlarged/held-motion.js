import { browserClock } from '../clock.js'

/**
 * @typedef {{ pan: number, tilt: number, zoom: number }} Velocity from -1 to 1 each
 * @typedef {{ move: Velocity } | { stop: true } | { preset: string } | { home: true }} PtzCommand
 */

/** camgate ends a motion that is not asked for again within 700 ms. */
const REPEAT_MS = 250

/** The motion that held keys and pointers add up to. It is asked for again and again, and ends at once when nothing is held any more, or when an answer is an error. */
export class HeldMotion {
  /** By what is held, such as a key. @type {Map<string, Velocity>} */
  #held = new Map()
  #send
  #failed
  #clock
  #isSending = false
  #mayMove = false
  #cancel = () => {}

  /**
   * @param {(command: PtzCommand) => Promise<void>} send
   * @param {(error: unknown) => void} failed
   * @param {import('../clock.js').Clock} [clock]
   */
  constructor (send, failed, clock = browserClock) {
    this.#send = send
    this.#failed = failed
    this.#clock = clock
  }

  /**
   * @param {string} by
   * @param {Velocity} velocity
   */
  hold (by, velocity) {
    const isNew = !this.#held.has(by)
    this.#held.set(by, velocity)
    if (isNew) void this.#move()
  }

  /** @param {string} by */
  release (by) {
    if (!this.#held.delete(by)) return
    if (this.#held.size === 0) this.#stop()
    else void this.#move()
  }

  releaseAll () {
    if (this.#held.size === 0) return
    this.#held.clear()
    this.#stop()
  }

  /** One request at a time: on a slow connection, more of them would come too late. */
  async #move () {
    this.#cancel()
    if (this.#isSending || this.#held.size === 0) return
    this.#isSending = this.#mayMove = true
    try {
      await this.#send({ move: sumOf([...this.#held.values()]) })
    } catch (thrown) {
      this.#held.clear()
      this.#mayMove = false
      this.#failed(thrown)
    }
    this.#isSending = false
    if (this.#held.size > 0) this.#cancel = this.#clock.after(REPEAT_MS, () => { void this.#move() })
    else if (this.#mayMove) this.#stop() // it was let go of meanwhile, and the stop may have overtaken the motion
  }

  #stop () {
    this.#cancel()
    if (!this.#isSending) this.#mayMove = false
    this.#send({ stop: true }).catch(this.#failed)
  }
}

/** @param {Velocity[]} velocities */
function sumOf (velocities) {
  /** @param {keyof Velocity} axis */
  const along = axis => Math.max(-1, Math.min(1, velocities.reduce((sum, velocity) => sum + velocity[axis], 0)))
  return { pan: along('pan'), tilt: along('tilt'), zoom: along('zoom') }
}
