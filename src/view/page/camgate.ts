import type { Accepted, ServerMessage, StateName, Verb } from '../../wire/messages.js'
import type { FromEngine, Painted, TileRequest } from '../protocol.js'
import { isSameProof, wallAddress, type Proof } from './addresses.js'
import { MIN_RENEW_INTERVAL_MS, type Renew } from './current-proof.js'
import { startEngine, type EnginePort, type StartedWorker } from './engine-port.js'
import { Requests } from './requests.js'

/** An engine without tiles is kept for so long: frameworks remove elements and put them back. */
const CLOSE_AFTER_MS = 5_000
/** Signs that a connection may have gone, or may come back. */
const waking = () => [[window, 'online'], [window, 'pageshow'], [document, 'visibilitychange'], [document, 'resume']] as const

export type TileMessage = Extract<ServerMessage, { readonly id?: number }>
export type PictureMessage = Extract<FromEngine, { readonly op: 'picture' }>

/** What a tile learns. */
export interface TileEvents {
  message (message: TileMessage): void
  painted (picture: Painted): void
  picture (message: PictureMessage): void
  failed (reason: string): void
  /** `reason`: why there is none, in words. */
  connection (isOpen: boolean, reason: string): void
}

const keyOf = (base: string, { token, link }: Proof) => JSON.stringify([base, token, link])

/** One camgate, as all elements of a page see it that prove themselves in the same way: one socket, one worker. */
export class Camgate {
  static readonly #all = new Map<string, Camgate>()

  /** Resolves with what VideoDecoder decodes in this browser. */
  readonly accepts: Promise<readonly Accepted[]>
  /** The elements' callbacks. The first that returns a proof is believed. */
  readonly renewers = new Set<Renew>()
  readonly #base: string
  readonly #engine: EnginePort
  readonly #tiles = new Map<number, TileEvents>()
  readonly #requests = new Requests()
  #proof: Proof
  #isOpen = false
  #reason = ''
  #offset = 0
  #renewedAt = -Infinity
  #lastId = 0
  #ready: (accepts: readonly Accepted[]) => void = () => {}

  private constructor (base: string, proof: Proof, started?: StartedWorker) {
    this.#base = base
    this.#proof = proof
    this.accepts = new Promise(resolve => { this.#ready = resolve })
    this.#engine = startEngine(message => this.#receive(message), started)
    this.#connect()
    for (const [target, event] of waking()) target.addEventListener(event, this.#wake)
  }

  static at (base: string, proof: Proof, started?: StartedWorker): Camgate {
    const key = keyOf(base, proof)
    const known = Camgate.#all.get(key) ?? new Camgate(base, proof, started)
    Camgate.#all.set(key, known)
    return known
  }

  /** Connects before there is an element, which then need not wait. */
  static connect (base: string, started?: StartedWorker): void {
    const camgate = Camgate.at(base, {}, started)
    setTimeout(() => { if (camgate.renewers.size === 0 && camgate.#tiles.size === 0) camgate.#end() }, CLOSE_AFTER_MS)
  }

  /** Milliseconds since 1970 by camgate's clock. */
  now (): number { return Date.now() + this.#offset }

  /** A number for a new tile, whose events come from now on. */
  open (events: TileEvents): number {
    do this.#lastId = (this.#lastId + 1) % 65_536
    while (this.#tiles.has(this.#lastId))
    this.#tiles.set(this.#lastId, events)
    events.connection(this.#isOpen, this.#reason)
    return this.#lastId
  }

  ask (tile: TileRequest, canvas?: OffscreenCanvas): void {
    this.#engine.post({ op: 'tile', tile, ...canvas && { canvas } }, canvas && [canvas])
  }

  show (id: number): void { this.#engine.post({ op: 'show', ids: [id] }) }
  hide (id: number): void { this.#engine.post({ op: 'hide', ids: [id] }) }
  again (id: number): void { this.#engine.post({ op: 'again', id }) }
  credit (bytes: number): void { this.#engine.post({ op: 'credit', bytes }) }
  painted (header: PictureMessage['header'], width: number, height: number): void { this.#engine.post({ op: 'painted', header, width, height }) }

  close (id: number): void {
    this.#tiles.delete(id)
    this.#engine.post({ op: 'close', ids: [id] })
    setTimeout(() => { if (this.#tiles.size === 0) this.#end() }, CLOSE_AFTER_MS)
  }

  /** Rejects with camgate's sentence if it does not do that. */
  command (verb: Verb, camera: string): Promise<StateName> {
    if (!this.#isOpen) return Promise.reject(new Error(this.#reason))
    return this.#requests.ask(nr => this.#engine.post({ op: 'command', nr, verb, camera }))
  }

  snapshot (id: number): Promise<Blob> { return this.#requests.ask(nr => this.#engine.post({ op: 'snapshot', nr, id })) }

  #receive (message: FromEngine): void {
    switch (message.op) {
      case 'ready': return this.#ready(message.accepts)
      case 'offset': this.#offset = message.ms; return
      case 'connection': return message.open ? this.#connection(true, '') : this.#closed(message.reason, message.refused)
      case 'server': return this.#server(message.message)
      case 'painted':
        for (const picture of message.pictures) this.#tiles.get(picture.id)?.painted(picture)
        return
      case 'picture': return this.#tiles.has(message.header.tile) ? this.#tiles.get(message.header.tile)!.picture(message) : this.credit(message.message.byteLength)
      case 'failed': return this.#tiles.get(message.id)?.failed(message.reason)
      case 'snapshot': return message.error === undefined ? this.#requests.answer(message.nr, message.blob) : this.#requests.fail(message.nr, message.error)
    }
  }

  #server (message: ServerMessage): void {
    if (message.op === 'done') return this.#requests.answer(message.nr, message.state)
    if (message.op === 'error' && message.nr !== undefined) return this.#requests.fail(message.nr, message.message)
    if (message.op === 'clock') return
    if (message.id !== undefined) return this.#tiles.get(message.id)?.message(message)
    for (const tile of this.#tiles.values()) tile.message(message)
  }

  #connection (isOpen: boolean, reason: string): void {
    this.#isOpen = isOpen
    this.#reason = reason
    for (const tile of this.#tiles.values()) tile.connection(isOpen, reason)
  }

  #closed (reason: string, refused: boolean): void {
    this.#connection(false, reason)
    this.#requests.failAll(reason)
    if (refused) void this.#renew()
  }

  async #renew (): Promise<void> {
    const now = performance.now()
    if (now - this.#renewedAt < MIN_RENEW_INTERVAL_MS) return
    this.#renewedAt = now
    for (const renew of this.renewers) {
      const proof = await renew().catch(() => undefined)
      if (!proof || isSameProof(proof, this.#proof)) continue
      this.#proof = proof
      const key = keyOf(this.#base, proof)
      if (!Camgate.#all.has(key)) Camgate.#all.set(key, this) // for elements that begin anew
      return this.#connect()
    }
  }

  #connect (): void {
    const { token, link } = this.#proof
    const url = wallAddress(this.#base, link)
    if (url) this.#engine.post({ op: 'connect', url, ...token !== undefined && { token } })
  }

  readonly #wake = () => { if (!document.hidden) this.#engine.post({ op: 'wake' }) }

  #end (): void {
    const keys = [...Camgate.#all].flatMap(([key, camgate]) => camgate === this ? [key] : [])
    if (keys.length === 0) return
    for (const key of keys) Camgate.#all.delete(key)
    this.#engine.close()
    for (const [target, event] of waking()) target.removeEventListener(event, this.#wake)
  }
}
