import type { Clock } from '../clock.js'
import { HEADER_BYTES } from '../wire/picture-header.js'
import { ByteWindow } from './byte-window.js'
import { nextTurn, type Waiting } from './turns.js'
import type { WallSocket } from './wall-socket.js'

/** A tile, as its turns need it. */
export interface Sender extends Waiting {
  /** The picture's bytes, once what is too old has been skipped; undefined if nothing is left to send. */
  ready (now: number): Buffer | undefined
  /** The header of the picture that `ready` returned. The tile then holds it until `sent`. */
  begin (now: number): Buffer
  sent (): void
}

/** Sends the pictures of all tiles over one connection: one at a time, in fair turns, and no more than the client decodes in time. */
export class Flow {
  readonly #socket: WallSocket
  readonly #clock: Clock
  readonly #window = new ByteWindow()
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<Sender>()
  #isSending = false
  #isTakingTurns = false
  #isEnded = false

  constructor (socket: WallSocket, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
  }

  /** How long the client has returned no credit for what it was sent. */
  get uncreditedMs (): number {
    const { oldestAt } = this.#window
    return oldestAt === undefined ? 0 : this.#clock.now() - oldestAt
  }

  /** Call it when a tile holds a picture. */
  add (tile: Sender): void {
    this.#waiting.add(tile)
    this.#takeTurns()
  }

  credit (bytes: number): void {
    this.#window.credit(bytes, this.#clock.now())
    this.#takeTurns()
  }

  end (): void {
    this.#isEnded = true
    this.#waiting.clear()
  }

  /** A loop, because a picture that is sent at once lets its tile hold the next one. */
  #takeTurns (): void {
    if (this.#isTakingTurns) return
    this.#isTakingTurns = true
    while (!this.#isSending && !this.#isEnded) {
      const now = this.#clock.now()
      const tile = nextTurn(this.#waiting, now)
      if (!tile) break
      const bytes = tile.ready(now)
      if (!bytes) this.#waiting.delete(tile)
      else if (this.#window.admits(bytes.length + HEADER_BYTES)) this.#send(tile, bytes, now)
      else break
    }
    this.#isTakingTurns = false
  }

  #send (tile: Sender, bytes: Buffer, now: number): void {
    this.#waiting.delete(tile)
    this.#window.send(bytes.length + HEADER_BYTES, now)
    this.#isSending = true
    this.#socket.picture(tile.begin(now), bytes, () => {
      this.#isSending = false
      tile.sent()
      this.#takeTurns()
    })
  }
}
