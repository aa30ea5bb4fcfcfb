import type { Size } from '../../picture-size.js'
import type { ClientMessage, TileConfig } from '../../wire/messages.js'
import { HEADER_BYTES, type PictureHeader } from '../../wire/picture-header.js'
import { enginePaths } from '../paths/engine-paths.js'
import type { EngineHost, EnginePath } from '../paths/path.js'
import type { FromEngine, Painted, TileRequest } from '../protocol.js'
import type { Painter } from './painter.js'

/** What a tile needs of the engine. */
export interface TileParts {
  /** The time by the server's clock. */
  wall (): number
  toServer (message: ClientMessage): void
  toPage (message: FromEngine, transfer?: Transferable[]): void
  painted (picture: Painted): void
}

/** One place for pictures on the page, as the engine sees it. */
export class Tile implements EngineHost {
  readonly #parts: TileParts
  readonly #painter: Painter
  #request: TileRequest
  #config: TileConfig | undefined
  #path: EnginePath | undefined
  #needsKey = true
  #count = 0

  constructor (request: TileRequest, painter: (tile: Tile) => Painter, parts: TileParts) {
    this.#request = request
    this.#parts = parts
    this.#painter = painter(this)
    this.#painter.resize(request)
  }

  /** Opens it on the server, or changes it there. */
  ask (request = this.#request): void {
    if (request.path !== this.#request.path) this.#reset()
    this.#request = request
    this.#painter.resize(request)
    const { path, ...asked } = request
    this.#parts.toServer({ op: 'tile', ...asked })
  }

  show (): void { this.#request = { ...this.#request, hidden: false } }

  /** Frees the decoder. The picture stays on the canvas. */
  hide (): void {
    this.#request = { ...this.#request, hidden: true }
    this.#reset()
  }

  /** Pictures of this kind follow, from a key picture on. If only the epoch is new, the decoder goes on, and what is known of its failures. */
  configure (config: TileConfig): void {
    if (!this.#config || !isSame(config, this.#config)) this.#closePath()
    this.#config = config
    this.#needsKey = true
  }

  /** `message` includes the header. `done` credits it. */
  add (header: PictureHeader, message: ArrayBuffer, done: () => void): void {
    if (this.#request.hidden || header.statusFrame || header.epoch !== this.#config?.epoch) return done()
    this.#needsKey &&= !header.key
    if (this.#needsKey) return done()
    if (header.kind !== 'jpeg' && this.#request.path === 'mse') return this.#parts.toPage({ op: 'picture', header, message }, [message])
    this.#path ??= this.#open(this.#config)
    this.#path.add({ header, data: new Uint8Array(message, HEADER_BYTES), done })
  }

  /** The socket is gone, and with it what the decoder could go on with. */
  disconnected (): void { this.#reset() }

  close (): void { this.#reset() }

  snapshot (): Promise<Blob> { return this.#painter.snapshot() }

  paint (header: PictureHeader, picture: VideoFrame | ImageBitmap): void { this.#painter.add(header, picture) }

  painted (header: PictureHeader, { width, height }: Size): void {
    const { kind, seq, wall } = header
    this.#parts.painted({ id: this.#request.id, kind, seq, wall, ageMs: this.ageOf(header), width, height, count: ++this.#count })
  }

  ageOf ({ wall }: PictureHeader): number { return this.#parts.wall() - wall }

  again (): void {
    const ids = [this.#request.id]
    if (this.#request.hidden) return
    this.#parts.toServer({ op: 'hide', ids })
    this.#parts.toServer({ op: 'show', ids })
  }

  failed (reason: string): void {
    const { id, path } = this.#request
    this.#parts.toPage({ op: 'failed', id, path, reason })
  }

  #open (config: TileConfig): EnginePath {
    return enginePaths[config.kind](config, this)
  }

  #reset (): void {
    this.#closePath()
    this.#needsKey = true
    this.#painter.clear()
  }

  #closePath (): void {
    this.#path?.close()
    this.#path = undefined
  }
}

const isSame = (a: TileConfig, b: TileConfig) => a.kind === b.kind && a.codec === b.codec && a.width === b.width && a.height === b.height && a.reorders === b.reorders
