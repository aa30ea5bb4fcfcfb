import type { Rendition as RenditionWishes } from '../config/registry.js'
import { CamgateError } from '../errors.js'
import type { RenditionOption } from '../adaptive/adaptive-subscriber.js'
import type { Frame } from '../frames/frame.js'
import { Rendition, type Original, type RenditionParts } from './rendition.js'
import { rungsOf, USUAL } from './rungs.js'
import type { Stream } from '../stream/stream.js'

/** What the camera's own picture is called among its renditions, and what suits the viewer's connection. */
export const FULL = 'full'
export const AUTO = 'auto'

/** What can be watched of one camera: its own picture, and the renditions of the file, or the usual ones where it has none. */
export class Renditions {
  readonly #original: Original
  readonly #parts: RenditionParts
  readonly #wishes: readonly RenditionWishes[]
  #made: readonly Rendition[] = []

  constructor (original: Original, parts: RenditionParts) {
    const { renditions } = original.camera
    this.#original = original
    this.#parts = parts
    this.#wishes = renditions.length > 0 ? renditions : USUAL
    if (renditions.length > 0) this.#make()
  }

  /** In the order of the file; the usual ones once somebody has asked for one of them, or for `auto`. */
  get all (): readonly Rendition[] { return this.#made }

  /**
   * The camera's own picture, which `auto` begins with, or the rendition of this name.
   * @throws {CamgateError} RENDITION_NOT_FOUND
   */
  watchable (name = FULL): Stream {
    if (name === FULL || name === AUTO) return this.#original
    if (this.#wishes.some(wishes => wishes.name === name)) this.#make()
    const found = this.#made.find(rendition => rendition.name === name)
    if (found) return found
    const { camera } = this.#original
    const known = [FULL, AUTO, ...this.#wishes.map(({ name }) => name)].join(', ')
    throw new CamgateError('RENDITION_NOT_FOUND', `${camera.name} has no rendition ${JSON.stringify(name.slice(0, 64))}. It has: ${known}.`)
  }

  /** Those that `auto` chooses from, the full picture first; `newest` is the camera's last. */
  ladder (newest: Frame | undefined): RenditionOption[] {
    this.#make()
    const rungs = rungsOf(this.#original.camera, newest, this.#wishes).map(({ name, share }) => ({ hub: this.watchable(name).hub, share }))
    return [{ hub: this.#original.hub, share: 1 }, ...rungs]
  }

  /** The usual ones are made late: most never are. */
  #make (): void {
    if (this.#made.length === 0) this.#made = this.#wishes.map(each => new Rendition(each, this.#original, this.#parts))
  }
}
