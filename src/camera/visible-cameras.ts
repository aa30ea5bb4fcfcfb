import { sees, type Principal } from '../access/principal.js'
import type { State } from '../lifecycle/state.js'
import type { Verb } from '../wire/messages.js'
import { CameraNotFound, type Fleet } from './fleet.js'
import type { Supervisor } from './supervisor.js'

/** The cameras of a fleet that somebody may see. The others do not exist for them, and no message names these. */
export class VisibleCameras {
  readonly #fleet: Fleet
  readonly #principal: Principal

  constructor (fleet: Fleet, principal: Principal) {
    this.#fleet = fleet
    this.#principal = principal
  }

  get all (): Supervisor[] {
    return this.#fleet.all.filter(({ camera }) => sees(this.#principal.cameras, camera.id))
  }

  /** @throws {CameraNotFound} */
  get (id: string): Supervisor {
    if (this.#fleet.has(id) && sees(this.#principal.cameras, id)) return this.#fleet.get(id)
    throw new CameraNotFound(id, this.all.map(({ camera }) => camera.id))
  }

  /** See `Fleet.command`. @throws {CameraNotFound} */
  async command (verb: Verb, id: string): Promise<State> {
    return await this.#fleet.command(verb, this.get(id).camera.id)
  }

  /** The one for pages that were written for a single camera. @throws {CameraNotFound} */
  get first (): Supervisor {
    const [first] = this.all
    if (!first) throw new CameraNotFound('', [])
    return first
  }
}
