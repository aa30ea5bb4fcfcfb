import type { Clock } from '../clock.js'
import type { Supervisor } from '../camera/supervisor.js'
import { CamgateError, INTERNAL } from '../errors.js'
import type { ClientMessage, ServerMessage, StateName, Verb } from '../wire/messages.js'
import type { TileRequest } from './choice.js'
import { Flow } from './flow.js'
import { Tile, type TileParts } from './tile.js'
import type { WallSocket } from './wall-socket.js'

/** More than a page has room for. Each costs the server as much as a viewer. */
const MAX_TILES = 256
const CHECK_INTERVAL_MS = 1_000
/** Commands that have not been answered. */
const MAX_COMMANDS = 16

export interface WallParts extends Pick<TileParts, 'seat' | 'viewer'> {
  readonly clock: Clock
  readonly socket: WallSocket
  /** The camera with this id. @throws {CamgateError} CAMERA_NOT_FOUND */
  readonly camera: (id: string) => Supervisor
  /** Starts, stops or restarts a camera, if the client may. Resolves with the camera's state after that. */
  readonly command: (verb: Verb, camera: string) => Promise<StateName>
  /** Logs an error that is a bug in camgate. */
  readonly logDefect: (error: unknown) => void
}

/** One page that watches many cameras by one connection. */
export class Wall {
  readonly #parts: WallParts
  readonly #flow: Flow
  readonly #tiles = new Map<number, Tile>()
  #commands = 0
  #cancelCheck: () => void

  constructor (parts: WallParts) {
    this.#parts = parts
    this.#flow = new Flow(parts.socket, parts.clock)
    this.#cancelCheck = parts.clock.after(CHECK_INTERVAL_MS, this.#check)
  }

  /** How long the client has returned no credit for a picture, in milliseconds. */
  get uncreditedMs (): number { return this.#flow.uncreditedMs }

  receive (message: ClientMessage): void {
    switch (message.op) {
      case 'tile': return this.#open(message)
      case 'show': return message.ids.forEach(id => this.#attempt({ id }, () => this.#tiles.get(id)?.show()))
      case 'hide': return message.ids.forEach(id => this.#tiles.get(id)?.hide())
      case 'close': return message.ids.forEach(id => this.#close(id))
      case 'credit': return this.#flow.credit(message.bytes)
      case 'shown': return this.#tiles.get(message.id)?.shown(message.ageMs)
      case 'clock': return this.#send({ op: 'clock', sent: message.sent, wall: this.#parts.clock.wall() })
      case 'command': return this.#command(message)
    }
  }

  /** Idempotent. */
  end (): void {
    this.#cancelCheck()
    this.#flow.end()
    for (const id of [...this.#tiles.keys()]) this.#close(id)
  }

  /** One tile steps down at a time: it may be enough for all. */
  readonly #check = (): void => {
    let mayStepDown = true
    for (const tile of this.#tiles.values()) if (tile.check(mayStepDown)) mayStepDown = false
    this.#cancelCheck = this.#parts.clock.after(CHECK_INTERVAL_MS, this.#check)
  }

  #open ({ op, id, ...request }: { readonly op: 'tile', readonly id: number } & TileRequest): void {
    this.#attempt({ id }, () => {
      const supervisor = this.#parts.camera(request.camera)
      const open = this.#tiles.get(id)
      if (open?.supervisor === supervisor) return open.change(request)
      this.#close(id)
      if (this.#tiles.size >= MAX_TILES) throw new CamgateError('TOO_MANY_TILES', `A connection has ${MAX_TILES} tiles at most: close some.`)
      const { clock, seat, viewer } = this.#parts
      const removed = () => this.#lose(id)
      const tile = new Tile(id, request, supervisor, { clock, seat, viewer, removed, flow: this.#flow, send: message => this.#send(message) })
      this.#tiles.set(id, tile)
      if (!request.hidden) tile.show()
    })
  }

  #close (id: number): void {
    this.#tiles.get(id)?.close()
    this.#tiles.delete(id)
  }

  #lose (id: number): void {
    this.#close(id)
    this.#fail({ id }, new CamgateError('CAMERA_REMOVED', 'This camera has been removed from the configuration.'))
  }

  #command ({ nr, verb, camera }: Extract<ClientMessage, { op: 'command' }>): void {
    const fail = (error: unknown) => this.#fail({ nr }, error)
    if (this.#commands === MAX_COMMANDS) return fail(new CamgateError('TOO_MANY_COMMANDS', `A connection has ${MAX_COMMANDS} unanswered commands at most: wait for the answers.`))
    this.#commands++
    this.#parts.command(verb, camera).then(state => this.#send({ op: 'done', nr, state }), fail).finally(() => { this.#commands-- })
  }

  /** Closes the tile if this fails. */
  #attempt (about: { readonly id: number }, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#close(about.id)
      this.#fail(about, error)
    }
  }

  #fail (about: { readonly id: number } | { readonly nr: number }, error: unknown): void {
    if (!(error instanceof CamgateError)) this.#parts.logDefect(error)
    const { code, message } = error instanceof CamgateError ? error : INTERNAL
    this.#send({ op: 'error', ...about, code, message })
  }

  #send (message: ServerMessage): void { this.#parts.socket.text(JSON.stringify(message)) }
}
