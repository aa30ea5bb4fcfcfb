import type { Clock } from '../clock.js'
import { CamgateError, defectOf } from '../errors.js'
import type { Target } from '../failure/target.js'
import type { PtzPreset } from './answers.js'
import type { OnvifDevice, OnvifDeviceOptions } from './device.js'
import { onvifProblem } from './failure.js'
import { HeldMotion, HOLD_MS } from './held-motion.js'
import type { Ptz, Velocity } from './ptz.js'

/** How long the end of camgate waits for a camera to stop. */
const CLOSE_TIMEOUT_MS = 1_000

export interface PtzDescription { readonly hasPtz: boolean, readonly presets: readonly PtzPreset[] }

/** What camgate knows of a camera, once it has asked. */
interface Known { readonly ptz: Ptz, readonly motion: HeldMotion }

export interface PtzControlOptions extends OnvifDeviceOptions {
  /** For messages. */
  readonly target: Target
  readonly warn: (line: string) => void
}

/**
 * Moves one camera for everybody who may control it. It is asked whether it can move when somebody first wants to know. While one person moves it, it follows nobody
 * else; anybody may stop it, and whoever moved it has to let go before it moves for them again.
 */
export class PtzControl {
  readonly #options: PtzControlOptions
  readonly #clock: Clock
  #device: OnvifDevice | undefined
  #asked: Promise<Known | null> | undefined
  #known: Known | null | undefined
  #isClosed = false
  /** One at a time: a slow camera answers in their order, and to a stop after them. */
  #isBeingSent = false
  #describing: Promise<PtzDescription> | undefined
  #holder: { readonly who: string, until: number, stopped: boolean } | undefined

  constructor (options: PtzControlOptions) {
    this.#options = options
    this.#clock = options.clock
  }

  /** Whether the camera can pan, tilt or zoom; `unknown` until it has been asked. */
  get ability (): 'unknown' | 'yes' | 'no' {
    return this.#known === undefined ? 'unknown' : this.#known ? 'yes' : 'no'
  }

  /** @throws {CamgateError} PTZ_FAILED */
  describe (): Promise<PtzDescription> {
    this.#describing ??= this.#tried(async () => {
      const known = await this.#ask()
      return { hasPtz: known !== null, presets: known ? await known.ptz.presets() : [] }
    }).finally(() => { this.#describing = undefined })
    return this.#describing
  }

  /** Moves the camera for `HOLD_MS` from now. @throws {CamgateError} NO_PTZ, PTZ_BUSY, PTZ_FAILED */
  async move (who: string, velocity: Velocity): Promise<void> {
    this.#hold(who)
    await this.#do(async ({ motion }) => {
      if (this.#isHeldBy(who)) await motion.move(velocity) // otherwise the first connection has taken so long that they may be gone
    })
  }

  /** @throws {CamgateError} NO_PTZ, PTZ_BUSY, PTZ_FAILED */
  async goTo (who: string, preset: string | 'home'): Promise<void> {
    if (this.#isBeingSent) throw new CamgateError('PTZ_BUSY', 'This camera is being sent to a place already.')
    this.#hold(who)
    this.#holder = undefined
    this.#isBeingSent = true
    await this.#do(async ({ motion, ptz }) => {
      await motion.stop()
      await (preset === 'home' ? ptz.goHome() : ptz.goTo(preset))
    }).finally(() => { this.#isBeingSent = false })
  }

  /** Stops the camera, whoever moves it. @throws {CamgateError} NO_PTZ, PTZ_FAILED */
  async stop (who: string): Promise<void> {
    if (this.#holder && this.#holder.who !== who) this.#holder.stopped = true
    else this.#holder = undefined
    await this.#do(({ motion }) => motion.stop())
  }

  /** Stops what moves, and logs in anew if somebody wants to move it again: the camera's password may have been corrected. */
  async rest (): Promise<void> {
    await this.#known?.motion.stop().catch(() => {})
    if (!this.#device?.isRefused) return
    await this.#device.close()
    this.#device = this.#asked = undefined
  }

  /** Stops what moves, and resolves when no connection is left. */
  async close (): Promise<void> {
    this.#isClosed = true
    let cancel = () => {}
    const late = new Promise<void>(resolve => { cancel = this.#clock.after(CLOSE_TIMEOUT_MS, resolve) })
    await Promise.race([this.#known?.motion.stop().catch(() => {}), late])
    cancel()
    await this.#device?.close()
  }

  #isHeldBy (who: string): boolean {
    return this.#holder?.who === who && !this.#holder.stopped && this.#holder.until > this.#clock.now()
  }

  #hold (who: string): void {
    const now = this.#clock.now()
    const holder = this.#holder
    if (holder && holder.until > now && (holder.who !== who || holder.stopped)) {
      if (holder.who !== who) throw new CamgateError('PTZ_BUSY', 'Somebody else is moving this camera.')
      holder.until = now + HOLD_MS
      throw new CamgateError('PTZ_BUSY', 'Somebody has stopped this camera. Let go before you move it again.')
    }
    this.#holder = { who, until: now + HOLD_MS, stopped: false }
  }

  async #do (act: (known: Known) => Promise<void>): Promise<void> {
    await this.#tried(async () => {
      const known = await this.#ask()
      if (!known) throw new CamgateError('NO_PTZ', 'This camera cannot pan, tilt or zoom.')
      await act(known)
    })
  }

  async #tried<T> (act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof CamgateError && error.code === 'NO_PTZ') throw error
      const defect = defectOf(error)
      if (defect) throw defect
      throw new CamgateError('PTZ_FAILED', onvifProblem(error as Error, this.#options.target), { cause: error })
    }
  }

  /** Asks the camera once. After a failure, the next call asks again, unless the camera has refused the password. */
  async #ask (): Promise<Known | null> {
    this.#asked ??= this.#connect().catch((error: unknown) => {
      if (!this.#device?.isRefused) this.#asked = undefined
      throw error
    })
    return await this.#asked
  }

  /** Imports the parser late: most cameras have no ONVIF address. */
  async #connect (): Promise<Known | null> {
    const [{ OnvifDevice }, { Ptz }] = await Promise.all([import('./device.js'), import('./ptz.js')])
    if (this.#isClosed) throw new CamgateError('HTTP_CLOSED', 'the connection is no longer needed')
    this.#device ??= new OnvifDevice(this.#options)
    const ptz = await Ptz.of(this.#device)
    const warn = (error: unknown) => this.#options.warn(`The camera did not stop as it was told to: ${onvifProblem(error as Error, this.#options.target)}`)
    this.#known = ptz ? { ptz, motion: new HeldMotion(ptz, this.#clock, warn) } : null
    return this.#known
  }
}
