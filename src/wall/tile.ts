import type { Clock } from '../clock.js'
import type { Supervisor } from '../camera/supervisor.js'
import type { AgeHistogram } from '../frames/age-histogram.js'
import { outageOf } from '../lifecycle/state.js'
import type { Stream } from '../stream/stream.js'
import type { ServerMessage } from '../wire/messages.js'
import { choices, fromCoverDown, TOO_FAST, type Choice, type Videos, type TileRequest } from './choice.js'
import { Fitness } from './fitness.js'
import type { Flow } from './flow.js'
import { openJpeg } from './open-jpeg.js'
import { openVideo } from './open-video.js'
import type { Source, Take } from './source.js'
import { StateReport } from './state-report.js'
import { StatusPictures } from './status-pictures.js'
import { TileSender } from './tile-sender.js'

export interface TileParts {
  readonly clock: Clock
  readonly flow: Flow
  readonly send: (message: ServerMessage) => void
  /** Counts a viewer of the camera. Returns a function that stops counting it. @throws {CamgateError} TOO_MANY_VIEWERS */
  readonly seat: (supervisor: Supervisor) => () => void
  /** The camera is no longer configured: closes the tile. */
  readonly removed: () => void
  /** The client's address and user, for people to read, and where the ages of its pictures are counted. */
  readonly viewer: { readonly from: string, readonly user: string | undefined, readonly ages?: AgeHistogram }
}

/** What a tile is given now: it goes on as it is while the key stays the same. */
interface Watched {
  readonly key: string
  readonly kind: Choice['kind']
  readonly stream: Stream
  readonly open: (take: Take) => Source
}

/** A camera at the rate that the page wants may seem a little faster. */
const MAX_RATE_EXCESS = 1.2
/** For a rate to be measured. */
const RATE_AFTER_MS = 5_000

/** One place for pictures on the client's page. While it is shown, it is a viewer of its camera; hidden, it only sends the camera's state. */
export class Tile {
  readonly supervisor: Supervisor
  readonly #parts: TileParts
  readonly #sender: TileSender
  readonly #statusPictures: StatusPictures
  readonly #stateReport: StateReport
  #request: TileRequest
  #leave: (() => void) | undefined
  #watched: Watched | undefined
  readonly #fitness = new Fitness()
  #watchedSince = 0
  #dropped = 0
  /** Whether the camera has turned out to send more pictures a second than the client wants. */
  #isTooFast = false

  constructor (id: number, request: TileRequest, supervisor: Supervisor, parts: TileParts) {
    const { clock, send, flow } = parts
    this.#request = request
    this.supervisor = supervisor
    this.#parts = parts
    this.#sender = new TileSender({ id, clock, send, wait: tile => flow.add(tile) })
    this.#sender.priority = request.priority
    this.#statusPictures = new StatusPictures(supervisor.stream(), clock, picture => this.#sender.show(picture))
    this.#stateReport = new StateReport(id, clock, send)
    supervisor.on('change', this.#update)
    supervisor.on('removed', parts.removed)
    this.#update()
  }

  /** Another size, rate or priority, or other kinds of pictures. */
  change (request: TileRequest): void {
    if (request.fps !== this.#request.fps) this.#isTooFast = false
    this.#request = request
    this.#sender.priority = request.priority
    this.#update()
  }

  /** Call it once a second. Gives less to a tile that does not keep up, if it may, and tries more again later. Returns whether it has stepped down. */
  check (mayStepDown: boolean): boolean {
    const now = this.#parts.clock.now()
    const { fps } = this.#request
    const dropped = this.#sender.dropped
    if (dropped > this.#dropped) this.#fitness.dropped(now)
    this.#dropped = dropped
    const stepsDown = mayStepDown && this.#watched?.kind === 'video' && this.#fitness.isBehind(now)
    if (stepsDown) this.#fitness.stepDown(now)
    else if (this.#fitness.mayStepUp(now)) this.#fitness.stepUp(now)
    else if (fps !== undefined && this.#watched?.kind === 'video' && now - this.#watchedSince >= RATE_AFTER_MS && this.#sender.fps(now) > fps * MAX_RATE_EXCESS) this.#isTooFast = true
    else return false
    this.#update()
    return stepsDown
  }

  /** Idempotent. @throws {CamgateError} TOO_MANY_VIEWERS */
  show (): void {
    this.#leave ??= this.#parts.seat(this.supervisor)
    this.#update()
  }

  /** Idempotent. */
  hide (): void {
    this.#watch(undefined)
    this.supervisor.substream?.need(this, false)
    this.#statusPictures.update(undefined)
    this.#leave?.()
    this.#leave = undefined
  }

  /** How old a picture was when it was painted, in milliseconds. */
  shown (ageMs: number): void { this.#sender.shown(ageMs) }

  close (): void {
    this.hide()
    this.supervisor.off('change', this.#update)
    this.supervisor.off('removed', this.#parts.removed)
  }

  /** Follows the camera and the request. */
  readonly #update = (): void => {
    if (this.#leave) this.#watch(this.#choose())
    const state = this.#watched?.kind === 'jpeg' ? this.#watched.stream.state : this.supervisor.state
    this.#stateReport.update(state)
    this.#statusPictures.update(this.#watched?.kind === 'video' ? state : undefined)
  }

  #choose (): Watched {
    const videos = this.#videos()
    if (videos.main === 'unknown' && this.#watched) return this.#watched
    const all = choices(this.#request, videos)
    const choice = this.#isTooFast && all[0]!.kind === 'video' ? TOO_FAST : all[Math.min(this.#fitness.level, all.length - 1)]!
    this.supervisor.substream?.need(this, choice.wakes === true || (choice.kind === 'video' && choice.from === 'substream'))
    return choice.kind === 'video' ? this.#video(choice.from) : this.#jpeg(choice.why)
  }

  #videos (): Videos {
    const { coded: { track }, live, state, substream } = this.supervisor
    const isRunning = state.kind === 'running'
    return {
      main: !track ? isRunning ? 'none' : 'unknown' : track.codec === 'mjpeg' ? 'none' : live.config ?? (isRunning ? 'none' : { kind: track.codec }),
      substream: substream && { config: substream.config, isLive: substream.state.kind === 'running' && substream.live.config !== undefined, hasFailed: outageOf(substream.state) !== null }
    }
  }

  #video (from: 'main' | 'substream'): Watched {
    const { clock, viewer } = this.#parts
    const { live, substream } = this.supervisor
    const video = from === 'main' ? live : substream!.live
    const open = (take: Take) => openVideo(video, { kind: from }, take, clock, { ...viewer, by: 'wall' }, () => this.#fitness.behind(clock.now()))
    return { key: from, kind: 'video', stream: this.supervisor.stream(), open }
  }

  #jpeg (why: string | undefined): Watched {
    const { clock, viewer } = this.#parts
    const { fps } = this.#request
    const options = fromCoverDown(this.supervisor.renditionOptions(), this.#request)
    const { name } = options[0]!
    const open = (take: Take) => openJpeg({ options, why, clock, subscription: { ...viewer, by: 'wall', fps }, movedDown: () => this.supervisor.noteMovedDown() }, take)
    return { key: `${name} ${fps ?? ''} ${why ?? ''} ${this.supervisor.renditionChanges}`, kind: 'jpeg', stream: this.supervisor.stream(name), open }
  }

  #watch (watched: Watched | undefined): void {
    if (watched?.key === this.#watched?.key) return
    this.#watched?.stream.off('change', this.#update)
    watched?.stream.on('change', this.#update)
    this.#watched = watched
    this.#watchedSince = this.#parts.clock.now()
    this.#sender.follow(watched?.open)
  }
}
