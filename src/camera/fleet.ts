import { EventEmitter } from 'node:events'
import { CamgateError } from '../errors.js'
import type { LiveCamera } from '../config/registry.js'
import type { State } from '../lifecycle/state.js'
import type { Verb } from '../wire/messages.js'
import { SlowViewers } from './slow-viewers.js'
import { noStoppedCameras, type StoppedCameras } from './stopped-cameras.js'
import { Supervisor, type SupervisorParts } from './supervisor.js'

/** The message lists the cameras. */
export class CameraNotFound extends CamgateError {
  constructor (id: string, known: readonly string[]) {
    const named = known.slice(0, 50).join(', ') + (known.length > 50 ? ` and ${known.length - 50} more` : '')
    super('CAMERA_NOT_FOUND', known.length === 0 ? 'There is no camera that you may see.' : `There is no camera ${JSON.stringify(id)}. The cameras are: ${named}.`)
  }
}

/** The supervisors, one for each camera, in the registry's order. Emits `change` when cameras have come, gone or changed their order. */
export class Fleet extends EventEmitter<{ change: [] }> {
  readonly #parts: SupervisorParts
  #supervisors: ReadonlyMap<string, Supervisor>
  /** Cameras that were removed, until nothing is left of them. */
  readonly #leaving = new Map<Supervisor, Promise<void>>()
  readonly #slowViewers: SlowViewers
  readonly #stopped: StoppedCameras
  #isStarted = false
  #hasStopped = false

  constructor (cameras: readonly LiveCamera[], parts: SupervisorParts, stopped: StoppedCameras = noStoppedCameras) {
    super()
    this.#stopped = stopped
    this.#parts = parts
    this.#supervisors = new Map(cameras.map(camera => [camera.id, new Supervisor(camera, parts)]))
    this.#slowViewers = new SlowViewers(() => this.all, parts.clock, parts.log)
  }

  /** @throws {CameraNotFound} */
  get (id: string): Supervisor {
    const supervisor = this.#supervisors.get(id)
    if (!supervisor) throw new CameraNotFound(id, [...this.#supervisors.keys()])
    return supervisor
  }

  has (id: string): boolean { return this.#supervisors.has(id) }

  get all (): Supervisor[] { return [...this.#supervisors.values()] }

  /** Starts every enabled camera, except for those that were stopped by hand. The others are started by hand. */
  start (): void {
    this.#isStarted = true
    this.#slowViewers.start()
    for (const supervisor of this.all) this.#begin(supervisor)
  }

  /**
   * Takes over a changed registry: the cameras that are in it, as they are in it, in its order. Is in force when it returns; what has been replaced or
   * removed comes to its end after that. Cameras that have not changed notice nothing.
   */
  apply (cameras: readonly LiveCamera[]): void {
    if (this.#hasStopped) return
    const before = this.#supervisors
    const now = new Map(cameras.map(camera => [camera.id, before.get(camera.id) ?? new Supervisor(camera, this.#parts)]))
    this.#supervisors = now
    for (const [id, supervisor] of before) if (!now.has(id)) this.#remove(supervisor)
    for (const camera of cameras) {
      const supervisor = now.get(camera.id)!
      if (camera.enabled && !supervisor.camera.enabled) void this.#stopped.note(camera.id, false)
      if (before.has(camera.id)) supervisor.apply(camera)
      else if (this.#isStarted) this.#begin(supervisor)
    }
    const old = [...before.values()]
    if (before.size !== now.size || this.all.some((supervisor, index) => supervisor !== old[index])) this.emit('change')
  }

  /** Does what a person asks for. A camera that was stopped so stays stopped, also when camgate starts again. @throws {CameraNotFound} */
  async command (verb: Verb, id: string): Promise<State> {
    const supervisor = this.get(id)
    const [state] = await Promise.all([supervisor[verb](), this.#stopped.note(id, verb === 'stop')])
    return state
  }

  /** Ends every viewer and every process. Idempotent; resolves when no process is left, and what people have stopped or started is on the disk. */
  async stop (): Promise<void> {
    this.#hasStopped = true
    this.#slowViewers.stop()
    await Promise.all([...[...this.all, ...this.#leaving.keys()].map(supervisor => supervisor.close()), this.#stopped.settled()])
  }

  /** A camera that was removed and is back waits until nothing is left of the old one: a device has one reader. */
  #begin (supervisor: Supervisor): void {
    const { id } = supervisor.camera
    const leaving = [...this.#leaving].find(([{ camera }]) => camera.id === id)?.[1]
    if (leaving) void leaving.then(() => { if (this.#supervisors.get(id) === supervisor) this.#begin(supervisor) })
    else if (supervisor.camera.enabled && !this.#stopped.has(id) && !this.#hasStopped) void supervisor.start()
  }

  #remove (supervisor: Supervisor): void {
    void this.#stopped.note(supervisor.camera.id, false)
    this.#leaving.set(supervisor, supervisor.remove().then(() => { this.#leaving.delete(supervisor) }))
  }
}
