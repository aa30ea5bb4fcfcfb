import { escapeXml } from '../xml/escape.js'
import { presetsOf, profilesOf, type PtzPreset } from './answers.js'
import type { OnvifDevice } from './device.js'
import { findServices } from './services.js'

/** From -1 to 1 each: to the right, up and closer are positive. */
export interface Velocity { readonly pan: number, readonly tilt: number, readonly zoom: number }

/** The camera stops by itself after this time, unless it is asked again. */
const CAMERA_TIMEOUT_S = 1

/** The pan, tilt and zoom of one camera. */
export class Ptz {
  readonly #device: OnvifDevice
  readonly #profile: string
  /** Which of them it has been told to move. A stop of the others is a fault for some cameras. */
  #moved = { turns: false, zooms: false }

  private constructor (device: OnvifDevice, profile: string) {
    this.#device = device
    this.#profile = `<ProfileToken>${escapeXml(profile)}</ProfileToken>`
  }

  /** Undefined if the camera has none. Throws as `OnvifDevice.call` does. */
  static async of (device: OnvifDevice): Promise<Ptz | undefined> {
    const services = await findServices(device)
    if (!services.has('ptz') || !services.has('media')) return undefined
    const profile = profilesOf(await device.call('media', 'GetProfiles')).find(({ hasPtz }) => hasPtz)
    return profile && new Ptz(device, profile.token)
  }

  async move ({ pan, tilt, zoom }: Velocity): Promise<void> {
    const turns = pan !== 0 || tilt !== 0 || this.#moved.turns
    const zooms = zoom !== 0 || this.#moved.zooms
    this.#moved = { turns, zooms }
    const velocity = (turns ? `<PanTilt x="${pan}" y="${tilt}" xmlns="http://www.onvif.org/ver10/schema"/>` : '') +
      (zooms ? `<Zoom x="${zoom}" xmlns="http://www.onvif.org/ver10/schema"/>` : '')
    await this.#call('ContinuousMove', `<Velocity>${velocity}</Velocity><Timeout>PT${CAMERA_TIMEOUT_S}S</Timeout>`)
  }

  async stop (): Promise<void> {
    const { turns, zooms } = this.#moved
    await this.#call('Stop', `<PanTilt>${turns || !zooms}</PanTilt><Zoom>${zooms || !turns}</Zoom>`)
    this.#moved = { turns: false, zooms: false }
  }

  async presets (): Promise<PtzPreset[]> {
    return presetsOf(await this.#call('GetPresets'))
  }

  async goTo (preset: string): Promise<void> {
    await this.#call('GotoPreset', `<PresetToken>${escapeXml(preset)}</PresetToken>`)
  }

  async goHome (): Promise<void> {
    await this.#call('GotoHomePosition')
  }

  async #call (operation: string, content = '') {
    return await this.#device.call('ptz', operation, this.#profile + content)
  }
}
