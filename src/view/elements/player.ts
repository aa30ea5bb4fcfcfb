import { systemClock } from '../../clock.js'
import type { Size } from '../../picture-size.js'
import type { StateName, Verb } from '../../wire/messages.js'
import type { Proof } from '../page/addresses.js'
import { Camgate, type TileMessage } from '../page/camgate.js'
import { CurrentProof, type Renew } from '../page/current-proof.js'
import { savesData } from '../page/saves-data.js'
import { isSocketBlocked, socketOpens } from '../page/socket-opens.js'
import { needsSocket, NO_SOCKET, type Choice } from '../paths/choice.js'
import { Failures } from '../paths/failures.js'
import { Ladder } from '../paths/ladder.js'
import { playedByMse } from '../paths/mse/media-source.js'
import type { PathName } from '../protocol.js'
import { conditionOf, type CameraState, type Condition } from './condition.js'
import { Rate } from './rate.js'
import { Showing } from './showing.js'

export interface PlayerParts {
  readonly base: string
  readonly proof: Proof
  readonly renew: Renew
  readonly camera: string
  readonly forced: PathName | undefined
  readonly frame: HTMLElement
  /** Device pixels. */
  readonly size: Size
  /** The condition, or what the picture is, may have changed. */
  changed (): void
  pathChanged (choice: Choice): void
  error (code: string, message: string): void
}

/** So many times in a row the socket may be refused before other ways are taken. */
const MAX_REFUSALS = 2
/** A WebSocket that has not opened by then may be held back by a proxy, which need not refuse it. */
const SLOW_SOCKET_MS = 3_000

/** To those who save data. */
const SAVING_FPS = 1

/** One camera for one element: chooses the path, takes the next when one fails, and knows how it is. */
export class Player {
  readonly #parts: PlayerParts
  #camgate: Camgate
  readonly #ladder: Ladder
  readonly #proof: CurrentProof
  readonly #rate = new Rate()
  #showing: Showing | undefined
  /** Stays on the screen until a better path has painted its first picture. */
  #leaving: Showing | undefined
  /** The last call of #show(). */
  #attempt = {}
  #isClosed = false
  #isVisible = false
  #size: Size
  #choice: Choice | undefined
  #connection = { isOpen: false, reason: '' }
  #camera: CameraState | undefined
  #why = ''
  #refusal: string | undefined
  #noPath: string | undefined
  /** How often the socket has been refused since it was last open. */
  #refused = 0
  #painted: { readonly wall: number, readonly width: number, readonly height: number } | undefined

  constructor (parts: PlayerParts) {
    this.#parts = parts
    this.#size = parts.size
    this.#proof = new CurrentProof(systemClock, parts)
    this.#ladder = new Ladder(systemClock, new Failures(parts.base, parts.camera, systemClock), {
      changed: () => this.#change(),
      improved: () => {
        this.#leaving ??= this.#showing
        this.#showing = undefined
        this.#change()
      },
      socketOpens: () => socketOpens(this.#proof.socket!, this.#proof.proof.token)
    })
    this.#camgate = this.#join()
    void this.#show()
  }

  get path (): PathName | undefined { return this.#choice?.path }
  get camera (): CameraState | undefined { return this.#camera }
  get picture (): Size | undefined { return this.#painted }
  get fps (): number { return this.#rate.at(performance.now()) }
  /** How old the picture on the screen is now. */
  get ageMs (): number | undefined { return this.#painted && Math.max(0, this.#camgate.now() - this.#painted.wall) }

  get condition (): Condition {
    const pathReason = this.#why || (this.#choice?.reason ?? '')
    return conditionOf({ connection: this.#connection, isFetched: this.#choice !== undefined && !needsSocket(this.#choice.path), camera: this.#camera, refusal: this.#refusal, noPath: this.#noPath, pathReason, ageMs: this.ageMs, intervalMs: this.#rate.intervalMs })
  }

  /** In milliseconds since 1970 by this machine's clock, of a time by camgate's. */
  here (wall: number): number { return wall - this.#camgate.now() + Date.now() }

  setVisible (isVisible: boolean): void {
    this.#isVisible = isVisible
    for (const showing of this.#showings) showing.setVisible(isVisible)
  }

  resize (size: Size): void {
    if (size.width === this.#size.width && size.height === this.#size.height) return
    this.#size = size
    for (const showing of this.#showings) showing.resize(size)
  }

  async snapshot (): Promise<Blob> {
    const showing = this.#leaving ?? this.#showing
    if (!showing || !this.#painted) throw new Error('There is no picture yet.')
    return await showing.snapshot()
  }

  command (verb: Verb): Promise<StateName> { return this.#camgate.command(verb, this.#parts.camera) }

  close (): void {
    this.#isClosed = true
    this.#ladder.close()
    this.#camgate.renewers.delete(this.#proof.renew)
    this.#proof.close()
    for (const showing of this.#showings) showing.close()
  }

  get #showings (): Showing[] { return [this.#leaving, this.#showing].filter(showing => showing !== undefined) }

  /** A camgate without tiles, as when another path was taken, is closed after a while. */
  #join (): Camgate {
    const camgate = Camgate.at(this.#parts.base, this.#proof.proof)
    camgate.renewers.add(this.#proof.renew)
    return camgate
  }

  async #show (): Promise<void> {
    this.#camgate = this.#join()
    const attempt = this.#attempt = {}
    const decodes = await this.#camgate.accepts
    if (this.#isClosed || attempt !== this.#attempt) return
    const { camera, forced, frame } = this.#parts
    const { stream, snapshot } = this.#proof.pictures
    const opens = { socket: this.#proof.socket !== undefined, stream: stream !== undefined, snapshot: snapshot !== undefined }
    const choice = this.#ladder.choose({ decodes, plays: playedByMse(), isSecure: isSecureContext, savesData: savesData(), opens, forced })
    this.#choice = choice === 'later' ? undefined : choice
    this.#noPath = choice ? undefined : 'This browser cannot show the camera.'
    if (!choice || choice === 'later') {
      this.#leave()
      return this.#parts.changed()
    }
    this.#parts.pathChanged(choice)
    const isLeaving = () => attempt !== this.#attempt
    const showing = this.#showing = new Showing({
      camgate: this.#camgate,
      camera,
      choice,
      addresses: { stream, snapshot, token: this.#proof.proof.token },
      frame,
      size: this.#size,
      fps: savesData() ? SAVING_FPS : undefined,
      message: message => { if (!isLeaving()) this.#message(message) },
      connection: (isOpen, reason) => { if (!isLeaving()) this.#connected(isOpen, reason) },
      painted: picture => {
        if (!isLeaving()) this.#leave()
        this.#paintedNow(picture)
      },
      refused: () => { void this.#renew() },
      failed: (path, reason) => {
        if (isLeaving()) this.#leave()
        else this.#ladder.failed(path, reason)
      }
    })
    showing.setVisible(this.#isVisible)
    this.#proof.close()
    if (!needsSocket(choice.path)) this.#proof.watch(() => { void this.#renew() })
    else systemClock.after(SLOW_SOCKET_MS, () => { if (showing === this.#showing && !this.#connection.isOpen) void this.#leaveSocket(showing) })
  }

  /** Fetches with another proof, if the page has one. */
  async #renew (): Promise<void> {
    if (await this.#proof.refused() && !this.#isClosed) this.#change()
  }

  /** Takes another path. */
  #change (): void {
    this.#showing?.close()
    this.#showing = undefined
    if (!this.#leaving) this.#painted = undefined
    this.#refused = 0
    void this.#show()
  }

  #leave (): void {
    this.#leaving?.close()
    this.#leaving = undefined
  }

  /** Does without the socket if it is blocked, and has not opened meanwhile. */
  async #leaveSocket (showing: Showing | undefined): Promise<void> {
    const { pictures: { snapshot }, socket, proof: { token } } = this.#proof
    this.#refused = 0
    if (this.#isClosed || this.#parts.forced || !snapshot || !socket || !await isSocketBlocked(socket, snapshot, token)) return
    if (!this.#isClosed && showing === this.#showing && !this.#connection.isOpen) this.#ladder.failed('socket', NO_SOCKET)
  }

  #message (message: TileMessage): void {
    if (message.op === 'state') {
      this.#camera = message
      this.#refusal = undefined
    }
    if (message.op === 'config') this.#why = message.why ?? ''
    if (message.op === 'error') {
      this.#refusal = message.message
      this.#parts.error(message.code, message.message)
    }
    this.#parts.changed()
  }

  #connected (isOpen: boolean, reason: string): void {
    this.#connection = { isOpen, reason }
    if (isOpen) this.#refusal = undefined
    if (isOpen || reason) this.#refused = isOpen ? 0 : this.#refused + 1
    if (this.#refused === MAX_REFUSALS) void this.#leaveSocket(this.#showing)
    this.#parts.changed()
  }

  #paintedNow ({ count, ...picture }: Size & { readonly wall: number, readonly count: number }): void {
    this.#painted = picture
    this.#rate.note(performance.now(), count)
    this.#parts.changed()
  }
}
