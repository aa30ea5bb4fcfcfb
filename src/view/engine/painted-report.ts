import type { Clock } from '../../clock.js'
import type { ClientMessage } from '../../wire/messages.js'
import type { Painted } from '../protocol.js'

/** How long the page waits to learn of a picture after a tile's first, so that 36 tiles cost no more messages than one. */
const PAGE_INTERVAL_MS = 50
const SERVER_INTERVAL_MS = 1_000

/** Tells the page, and more seldom the server, what was painted last in each tile. */
export class PaintedReport {
  readonly #clock: Clock
  readonly #toPage: (pictures: readonly Painted[]) => void
  readonly #toServer: (message: ClientMessage) => void
  readonly #newest = new Map<number, Painted>()
  readonly #toldServerAt = new Map<number, number>()
  #cancel: (() => void) | undefined

  constructor (clock: Clock, toPage: (pictures: readonly Painted[]) => void, toServer: (message: ClientMessage) => void) {
    this.#clock = clock
    this.#toPage = toPage
    this.#toServer = toServer
  }

  add (picture: Painted): void {
    this.#newest.set(picture.id, picture)
    if (!this.#toldServerAt.has(picture.id)) return this.#tell()
    this.#cancel ??= this.#clock.after(PAGE_INTERVAL_MS, () => this.#tell())
  }

  /** The tile is closed. */
  forget (id: number): void {
    this.#newest.delete(id)
    this.#toldServerAt.delete(id)
  }

  #tell (): void {
    this.#cancel?.()
    this.#cancel = undefined
    const pictures = [...this.#newest.values()]
    this.#newest.clear()
    const now = this.#clock.now()
    for (const { id, seq, ageMs } of pictures) {
      if (now - (this.#toldServerAt.get(id) ?? -Infinity) < SERVER_INTERVAL_MS) continue
      this.#toldServerAt.set(id, now)
      this.#toServer({ op: 'shown', id, seq, ageMs: Math.max(0, Math.round(ageMs)) })
    }
    this.#toPage(pictures)
  }
}
