import { wallTimeOf, type Clock } from '../clock.js'
import type { Supervisor } from '../camera/supervisor.js'
import { outageOf, type State } from '../lifecycle/state.js'
import type { Stream } from '../stream/stream.js'
import type { ServerMessage } from '../wire/messages.js'
import { choose, smallestThatCovers, type Choice, type Video, type Wish } from './choice.js'
import type { Flow } from './flow.js'
import { openJpeg } from './open-jpeg.js'
import { openVideo } from './open-video.js'
import { StatusPictures } from './status-pictures.js'
import { TileSender } from './tile-sender.js'

export interface TileParts {
  readonly clock: Clock
  readonly flow: Flow
  readonly tell: (message: ServerMessage) => void
  /** Counts a viewer of the camera. Returns a function that stops counting it. @throws {CamgateError} TOO_MANY_VIEWERS */
  readonly seat: (supervisor: Supervisor) => () => void
  /** The client's address and user, for people to read. */
  readonly viewer: { readonly from: string, readonly user: string | undefined }
}

/** What a tile is given now. */
type Watched = Choice & { readonly key: string, readonly stream: Stream }

/** One place for pictures on the client's page. While it is shown, it is a viewer of its camera; hidden, it only tells the camera's state. */
export class Tile {
  readonly supervisor: Supervisor
  readonly #id: number
  readonly #parts: TileParts
  readonly #sender: TileSender
  readonly #statusPictures: StatusPictures
  #wish: Wish
  #leave: (() => void) | undefined
  #watched: Watched | undefined
  #toldState = ''

  constructor (id: number, wish: Wish, supervisor: Supervisor, parts: TileParts) {
    const { clock, tell, flow } = parts
    this.#id = id
    this.#wish = wish
    this.supervisor = supervisor
    this.#parts = parts
    this.#sender = new TileSender({ id, clock, tell, wait: tile => flow.add(tile) })
    this.#sender.priority = wish.priority
    this.#statusPictures = new StatusPictures(supervisor.stream(), clock, picture => this.#sender.show(picture))
    supervisor.on('change', this.#update)
    this.#update()
  }

  /** Another size, rate or priority, or other kinds of pictures. */
  change (wish: Wish): void {
    this.#wish = wish
    this.#sender.priority = wish.priority
    this.#update()
  }

  /** Idempotent. @throws {CamgateError} TOO_MANY_VIEWERS */
  show (): void {
    this.#leave ??= this.#parts.seat(this.supervisor)
    this.#update()
  }

  /** Idempotent. */
  hide (): void {
    this.#watch(undefined)
    this.#leave?.()
    this.#leave = undefined
  }

  /** How old a picture was when it was painted, in milliseconds. */
  shown (ageMs: number): void { this.#sender.shown(ageMs) }

  close (): void {
    this.hide()
    this.supervisor.off('change', this.#update)
  }

  /** Follows the camera and the wish. */
  readonly #update = (): void => {
    if (this.#leave) this.#watch(this.#choose())
    const state = this.#watched?.kind === 'jpeg' ? this.#watched.stream.state : this.supervisor.state
    this.#tellState(state)
    this.#statusPictures.update(this.#watched?.kind === 'video' ? state : undefined)
  }

  #choose (): Watched {
    const video = videoOf(this.supervisor)
    if (video === 'unknown' && this.#watched) return this.#watched
    const choice = choose(this.#wish, video)
    const { fps } = this.#wish
    if (choice.kind === 'video') return { ...choice, key: 'video', stream: this.supervisor.stream() }
    const { name } = smallestThatCovers(this.supervisor.renditionOptions(), this.#wish)!
    return { ...choice, key: `${name} ${fps ?? ''}`, stream: this.supervisor.stream(name) }
  }

  #watch (watched: Watched | undefined): void {
    if (watched?.key === this.#watched?.key) return
    const { flow, clock, viewer } = this.#parts
    const left = this.#watched?.stream
    this.#watched = watched
    left?.off('change', this.#update)
    watched?.stream.on('change', this.#update)
    const subscription = { ...viewer, by: 'wall' as const }
    this.#sender.follow(watched && (take => watched.kind === 'video'
      ? openVideo(this.supervisor.live, { kind: 'main' }, take, clock, subscription)
      : openJpeg(watched.stream.hub, { from: { kind: 'rendition', name: watched.key.split(' ')[0]! }, ...watched.why && { why: watched.why } }, take, { ...subscription, fps: this.#wish.fps })))
    if (!watched) flow.remove(this.#sender)
  }

  #tellState (state: State): void {
    const { clock, tell } = this.#parts
    const outage = outageOf(state)
    const message: ServerMessage = {
      op: 'state',
      id: this.#id,
      state: state.kind,
      since: Math.round(wallTimeOf(clock, state.since)),
      failure: outage && { code: outage.code, message: outage.message },
      retryAt: state.kind === 'waiting' ? Math.round(wallTimeOf(clock, state.retryAt)) : null
    }
    const text = JSON.stringify(message)
    if (text === this.#toldState) return
    this.#toldState = text
    tell(message)
  }
}

function videoOf ({ coded: { track }, live, state }: Supervisor): Video {
  if (!track) return state.kind === 'running' ? 'none' : 'unknown'
  if (track.codec === 'mjpeg') return 'none'
  return live.config ?? (state.kind === 'running' ? 'none' : { kind: track.codec })
}
