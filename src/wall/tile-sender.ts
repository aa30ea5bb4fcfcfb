import { RateMeter } from '../frames/rate-meter.js'
import { wallTimeOf, type Clock } from '../clock.js'
import { HEADER_BYTES, writeHeader } from '../wire/picture-header.js'
import type { ServerMessage } from '../wire/messages.js'
import type { Sender } from './flow.js'
import type { Source, SourceConfig, Take, TilePicture } from './source.js'

/** After a `drop`, the next one comes after this long at the earliest. */
const DROP_INTERVAL_MS = 1_000

export interface TileSenderParts {
  readonly id: number
  readonly clock: Clock
  readonly send: (message: ServerMessage) => void
  /** Called when the tile holds a picture. */
  readonly wait: (tile: Sender) => void
}

/** The newest picture of one tile, until its turn comes. Numbers what is sent, and tells the client what it is and what was skipped. */
export class TileSender implements Sender {
  priority = 0
  servedAt = -Infinity
  readonly #parts: TileSenderParts
  #source: Source | undefined
  #held: { readonly picture: TilePicture, readonly sent: () => void } | undefined
  #sent = () => {}
  #config: SourceConfig | undefined
  #epoch = 0
  /** The number of the newest sent picture of this epoch. */
  #seq: number | undefined
  #dropped = 0
  #rate = new RateMeter()
  #reportedDrops = { count: 0, at: -Infinity }

  constructor (parts: TileSenderParts) {
    this.#parts = parts
  }

  /** Takes pictures from another source from now on; undefined: from none. */
  follow (open: ((take: Take) => Source) | undefined): void {
    this.#source?.end()
    this.#dropped += this.#source?.dropped ?? 0
    this.#source = undefined
    this.#rate = new RateMeter()
    this.#held = undefined
    this.#sent = () => {}
    if (!open) return
    let isOpen = false
    this.#source = open((picture, sent) => {
      this.#held = { picture, sent }
      if (isOpen) this.#parts.wait(this)
    })
    isOpen = true // a source may offer its first picture at once
    if (this.#held) this.#parts.wait(this)
  }

  /** Sends a picture that is not of the source, and before anything that this has. */
  show (picture: TilePicture): void {
    if (this.#held?.picture.config) this.#source?.skip()
    this.#held = { picture, sent () {} }
    this.#parts.wait(this)
  }

  /** Pictures that were skipped, of all sources. */
  get dropped (): number { return this.#dropped + (this.#source?.dropped ?? 0) }

  /** The rate of the source as it is sent, in pictures a second. `now` is the clock's. */
  fps (now: number): number { return this.#rate.fps(now) }

  /** How old a picture was when it was painted, in milliseconds. */
  shown (ageMs: number): void { this.#source?.shown(ageMs) }

  ready (now: number): Buffer | undefined {
    if (!this.#held) return undefined
    const { picture, sent } = this.#held
    const best = this.#source ? this.#source.best(picture, now) : picture
    this.#held = best && { picture: best, sent }
    if (!best) this.#sendDropped(now)
    return best?.bytes
  }

  begin (now: number): Buffer {
    const { picture, sent } = this.#held!
    const { kind, key, seq, at, config } = picture
    this.#held = undefined
    this.#sent = sent
    this.servedAt = now
    if (config && config !== this.#config) this.#begin(config)
    if (now - this.#reportedDrops.at >= DROP_INTERVAL_MS) this.#sendDropped(now)
    const header = Buffer.allocUnsafe(HEADER_BYTES)
    const discontinuity = config !== undefined && this.#seq !== undefined && seq !== this.#seq + 1
    if (config) {
      this.#seq = seq
      this.#rate.count(at)
    }
    writeHeader(new DataView(header.buffer, header.byteOffset, HEADER_BYTES), {
      kind, key, discontinuity, statusFrame: !config, tile: this.#parts.id, epoch: this.#epoch, seq: seq >>> 0, wall: wallTimeOf(this.#parts.clock, at)
    })
    return header
  }

  sent (): void {
    const sent = this.#sent
    this.#sent = () => {}
    sent()
  }

  #begin (config: SourceConfig): void {
    this.#config = config
    this.#epoch = (this.#epoch + 1) % 0x10000
    this.#seq = undefined
    this.#parts.send({ op: 'config', id: this.#parts.id, epoch: this.#epoch, ...config })
  }

  #sendDropped (now: number): void {
    const count = this.dropped
    const pictures = count - this.#reportedDrops.count
    if (pictures === 0) return
    this.#reportedDrops = { count, at: now }
    this.#parts.send({ op: 'drop', id: this.#parts.id, pictures })
  }
}
