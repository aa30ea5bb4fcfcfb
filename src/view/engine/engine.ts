import type { ServerMessage } from '../../wire/messages.js'
import { readHeader } from '../../wire/picture-header.js'
import type { FromEngine, TileRequest, ToEngine } from '../protocol.js'
import { Credits } from './credits.js'
import { PaintedReport } from './painted-report.js'
import { Painter, type PainterParts } from './painter.js'
import { ServerClock } from './server-clock.js'
import { Tile, type TileParts } from './tile.js'
import { WallSocket } from './wall-socket.js'

/** What differs between a browser and a test. */
export interface EngineParts extends PainterParts {
  post (message: FromEngine, transfer?: Transferable[]): void
  openSocket (url: string, protocols: string[]): WebSocket
}

/** All that needs no page: one socket, and the decoders and canvases of all tiles. */
export class Engine {
  readonly #parts: EngineParts
  readonly #serverClock: ServerClock
  readonly #report: PaintedReport
  readonly #tileParts: TileParts
  readonly #socket: WallSocket
  readonly #tiles = new Map<number, Tile>()
  #credits: Credits

  constructor (parts: EngineParts) {
    const { clock } = parts
    this.#parts = parts
    this.#serverClock = new ServerClock(clock)
    this.#socket = new WallSocket(clock, (url, protocols) => parts.openSocket(url, protocols), {
      opened: () => this.#opened(),
      message: message => this.#heard(message),
      picture: message => this.#picture(message),
      closed: (reason, refused) => this.#closed(reason, refused)
    })
    this.#report = new PaintedReport(clock, pictures => parts.post({ op: 'painted', pictures }), message => this.#socket.send(message))
    this.#credits = this.#newCredits()
    this.#tileParts = {
      wall: () => this.#serverClock.wall(),
      toServer: message => this.#socket.send(message),
      toPage: (message, transfer) => parts.post(message, transfer),
      painted: picture => this.#report.add(picture)
    }
  }

  receive (message: ToEngine): void {
    switch (message.op) {
      case 'connect': return this.#socket.connect(message)
      case 'wake': return this.#socket.wake()
      case 'tile': return this.#ask(message.tile, message.canvas)
      case 'show':
      case 'hide':
        for (const id of message.ids) this.#tiles.get(id)?.[message.op]()
        return this.#socket.send(message)
      case 'close':
        for (const id of message.ids) this.#closeTile(id)
        return this.#socket.send(message)
      case 'credit': return this.#credits.add(message.bytes)
      case 'painted': return this.#tiles.get(message.header.tile)?.painted(message.header, message)
      case 'again': return this.#tiles.get(message.id)?.again()
      case 'command': return this.#socket.send(message)
      case 'snapshot': void this.#snapshot(message.nr, message.id)
    }
  }

  close (): void {
    this.#credits.close()
    this.#socket.close()
    for (const tile of this.#tiles.values()) tile.close()
    this.#tiles.clear()
  }

  #ask (request: TileRequest, canvas: OffscreenCanvas | undefined): void {
    if (canvas) {
      const painter = (tile: Tile) => new Painter(canvas, this.#parts, (header, size) => tile.painted(header, size))
      this.#tiles.set(request.id, new Tile(request, painter, this.#tileParts))
    }
    this.#tiles.get(request.id)?.ask(request)
  }

  #opened (): void {
    this.#credits.close()
    this.#credits = this.#newCredits()
    for (const tile of this.#tiles.values()) tile.ask()
    this.#parts.post({ op: 'connection', open: true })
  }

  #heard (message: ServerMessage): void {
    if (message.op === 'clock') {
      this.#serverClock.answer(message.sent, message.wall)
      return this.#parts.post({ op: 'offset', ms: this.#serverClock.offset })
    }
    if (message.op === 'config') this.#tiles.get(message.id)?.configure(message)
    this.#parts.post({ op: 'server', message })
  }

  #picture (message: ArrayBuffer): void {
    const bytes = message.byteLength
    const credits = this.#credits
    const header = readHeader(new DataView(message))
    let isDone = false
    const done = () => {
      if (!isDone) credits.add(bytes)
      isDone = true
    }
    const tile = header && this.#tiles.get(header.tile)
    if (tile) tile.add(header, message, done)
    else done()
  }

  #closed (reason: string, refused: boolean): void {
    this.#credits.close()
    for (const tile of this.#tiles.values()) tile.disconnected()
    this.#parts.post({ op: 'connection', open: false, reason, refused })
  }

  #newCredits (): Credits { return new Credits(this.#parts.clock, bytes => this.#socket.send({ op: 'credit', bytes })) }

  #closeTile (id: number): void {
    this.#tiles.get(id)?.close()
    this.#tiles.delete(id)
    this.#report.forget(id)
  }

  async #snapshot (nr: number, id: number): Promise<void> {
    try {
      const blob = await this.#tiles.get(id)?.snapshot()
      this.#parts.post({ op: 'snapshot', nr, ...blob ? { blob } : { error: 'There is no such tile.' } })
    } catch (error) {
      this.#parts.post({ op: 'snapshot', nr, error: String(error) })
    }
  }
}
