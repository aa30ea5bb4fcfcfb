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

/** The running supervisors, one for each camera, in the registry's order. */
export class Fleet {
  readonly #supervisors: ReadonlyMap<string, Supervisor>
  readonly #slowViewers: SlowViewers
  readonly #stopped: StoppedCameras

  constructor (cameras: readonly LiveCamera[], parts: SupervisorParts, stopped: StoppedCameras = noStoppedCameras) {
    this.#stopped = stopped
    this.#supervisors = new Map(cameras.map(camera => [camera.id, new Supervisor(camera, parts)]))
    this.#slowViewers = new SlowViewers(this.all, parts.clock, parts.log)
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
    this.#slowViewers.start()
    for (const supervisor of this.all) {
      if (supervisor.camera.enabled && !this.#stopped.has(supervisor.camera.id)) void supervisor.start()
    }
  }

  /** Does what a person asks for. A camera that was stopped so stays stopped, also when camgate starts again. @throws {CameraNotFound} */
  async command (verb: Verb, id: string): Promise<State> {
    const supervisor = this.get(id)
    const [state] = await Promise.all([supervisor[verb](), this.#stopped.note(id, verb === 'stop')])
    return state
  }

  /** Ends every viewer and every process. Idempotent; resolves when no process is left. */
  async stop (): Promise<void> {
    this.#slowViewers.stop()
    await Promise.all(this.all.map(supervisor => supervisor.close()))
  }
}
