import { isDeepStrictEqual } from 'node:util'
import type { Rendition as RenditionConfig } from '../config/registry.js'
import { CamgateError } from '../errors.js'
import type { RenditionOption } from '../adaptive/adaptive-subscriber.js'
import type { Frame } from '../frames/frame.js'
import type { Size } from '../picture-size.js'
import type { StreamHost } from '../stream/stream-host.js'
import { Rendition, type RenditionParts } from './rendition.js'
import { DEFAULT_RENDITIONS, fullSize, smallerRenditions } from './rendition-options.js'

/** The names of the camera's own picture, and of the rendition that suits the viewer's connection. */
const FULL = 'full'
export const AUTO = 'auto'

/** A stream of a camera that `auto` may choose. Its size is an estimate before its first picture. */
export interface StreamOption extends RenditionOption, Size { readonly name: string }

/** The streams of one camera: its own picture and its renditions, from the file or by default. There are none before `apply`. */
export class Renditions {
  readonly #host: StreamHost
  readonly #parts: RenditionParts
  #configs: readonly RenditionConfig[] = []
  #made: readonly Rendition[] = []

  constructor (host: StreamHost, parts: RenditionParts) {
    this.#host = host
    this.#parts = parts
  }

  /** In the order of the file. The default ones are missing until one of them, or `auto`, is requested. */
  get all (): readonly Rendition[] { return this.#made }

  /**
   * Takes over the camera's configuration. Those that stay keep their viewers, and are made anew if their own configuration has changed, or with
   * `renewsAll`. Returns those that are no longer configured.
   */
  apply (renewsAll: boolean): readonly Rendition[] {
    const { renditions } = this.#host.camera
    const made = this.#byName
    this.#configs = renditions.length > 0 ? renditions : DEFAULT_RENDITIONS
    this.#made = this.#configs.flatMap(config => {
      const rendition = made.get(config.name)
      made.delete(config.name)
      if (rendition && (renewsAll || !isDeepStrictEqual(config, rendition.config))) rendition.renew(config)
      return rendition ?? []
    })
    if (renditions.length > 0) this.#make()
    return [...made.values()]
  }

  /**
   * The rendition of this name; undefined for the camera's own picture, which is also where `auto` begins.
   * @throws {CamgateError} RENDITION_NOT_FOUND
   */
  find (name = FULL): Rendition | undefined {
    if (name === FULL || name === AUTO) return undefined
    if (this.#configs.some(config => config.name === name)) this.#make()
    const found = this.#made.find(rendition => rendition.name === name)
    if (found) return found
    const { camera } = this.#host
    const known = [FULL, AUTO, ...this.#configs.map(({ name }) => name)].join(', ')
    throw new CamgateError('RENDITION_NOT_FOUND', `${camera.name} has no rendition ${JSON.stringify(name.slice(0, 64))}. It has: ${known}.`)
  }

  /** The streams that `auto` chooses from, the full picture first; `newest` is the camera's last picture. */
  options (newest: Frame | undefined): StreamOption[] {
    this.#make()
    const { camera, coded, hub } = this.#host
    const smaller = smallerRenditions(camera, newest, coded.format, this.#configs)
    return [{ name: FULL, hub, share: 1, ...fullSize(camera, newest, coded.format) }, ...smaller.map(option => ({ ...option, hub: this.find(option.name)!.hub }))]
  }

  get #byName () { return new Map(this.#made.map(rendition => [rendition.name, rendition])) }

  /** Creates those that are missing. The default ones only when needed: most never are. */
  #make (): void {
    if (this.#made.length === this.#configs.length) return
    const made = this.#byName
    this.#made = this.#configs.map(config => made.get(config.name) ?? new Rendition(config, this.#host, this.#parts))
  }
}
