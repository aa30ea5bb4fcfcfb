import { EventEmitter, once } from 'node:events'
import type { Rendition as Wishes } from '../config/registry.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { Subscriber } from '../frames/subscriber.js'
import type { LiveCamera } from '../config/registry.js'
import type { Encode, Encoding } from './encoding.js'
import { classify, unreadable, type Failure } from '../failure/failure.js'
import { OneInFlight } from './one-in-flight.js'
import { Publisher } from '../stream/publisher.js'
import { Lifecycle, LINGER, type LifecycleParts } from '../lifecycle/lifecycle.js'
import { outageOf, type State } from '../lifecycle/state.js'
import { StatusFrames, type StatusFramesParts } from '../stream/status-frames.js'
import { statusOf, type RenditionStatus } from '../stream/status.js'
import type { Stream } from '../stream/stream.js'

export interface RenditionParts extends LifecycleParts, StatusFramesParts {
  readonly encode: Encode
}

/** The camera's own picture, of which it is made. */
export interface Original extends Stream { readonly camera: LiveCamera }

/**
 * Another size, rate or quality of a camera's picture, made of the very frames that its viewers get: the camera knows nothing of it. It
 * is fed while somebody watches; its process lives while the camera runs, too, and a little longer.
 */
export class Rendition extends EventEmitter<{ change: [] }> implements Stream {
  readonly #wishes: Wishes
  readonly #original: Original
  readonly #parts: RenditionParts
  readonly #intake: Publisher
  readonly #lifecycle: Lifecycle
  readonly #statusFrames: StatusFrames
  #encoding: Encoding | undefined
  #feeding: OneInFlight | undefined
  #isFed = false
  #subscriber: Subscriber<Frame> | undefined
  #lingers = false
  #callOffLinger = () => {}
  #callOffExpiry = () => {}

  constructor (wishes: Wishes, original: Original, parts: RenditionParts) {
    super()
    this.setMaxListeners(0) // one for each snapshot that waits for its first picture
    const { camera } = original
    const { name, width, height, fps = camera.fps } = wishes
    this.#wishes = wishes
    this.#original = original
    this.#parts = parts
    this.#intake = new Publisher(parts.clock)
    this.#lifecycle = new Lifecycle({
      title: `${camera.name}, rendition ${name}`,
      line: () => ({ camera: camera.id, rendition: name }),
      fps: Math.min(fps, camera.fps),
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#encoding) this.#encoding.stop()
        else this.#lifecycle.exited(noPictures) // it was still queuing for its start
      },
      stalled: () => this.#feeding?.owed ? noPictures : undefined,
      changed: () => this.#tell()
    }, 'idle', parts)
    this.hub.on('joined', () => this.#joined())
    this.hub.on('left', () => this.#pace())
    this.hub.on('watched', () => this.#watched())
    this.hub.on('unwatched', () => this.#unwatched())
    original.on('change', () => this.#follow())
    const size = width === undefined && height === undefined ? camera : { width, height }
    this.#statusFrames = new StatusFrames({ name: camera.name, width: size.width, height: size.height }, this.#intake, this.state, parts) // behind: a viewer wakes it first
  }

  get name (): string { return this.#wishes.name }
  get hub (): Hub<Frame> { return this.#intake.hub }
  /** Whether it is a subscriber of the camera's own hub. */
  get isFed (): boolean { return this.#isFed }

  /** Its own while the camera runs, and else the camera's. */
  get state (): State {
    const { state } = this.#original
    const own = this.#lifecycle.state
    if (state.kind !== 'running') return state
    return own.kind === 'stopping' && !outageOf(own) ? { kind: 'starting', since: own.since, attempt: 1, outage: null } : own
  }

  statusPicture (): Promise<SplitJpeg | undefined> { return this.#statusFrames.picture() }

  status (): RenditionStatus { return statusOf(this.state, this.#intake, this.#parts.clock) }

  /** Resolves when no process is being ended any more. */
  async settled (): Promise<void> {
    while (this.#lifecycle.state.kind === 'stopping') await once(this, 'change')
  }

  get #wanted (): boolean {
    return this.#original.state.kind === 'running' && (this.hub.viewers > 0 || this.#lingers)
  }

  /** It runs at the rate of its fastest viewer, who may not want all that it may have. */
  #pace (): void {
    if (this.hub.viewers > 0) this.#feeding?.pace(this.hub.fps)
  }

  /** Who could not be handed a picture that is the newest has one made, of the camera's newest. */
  #joined (): void {
    this.#pace()
    if (this.hub.latest) return
    if (this.#feeding?.hurry() && this.#isFed) this.#subscribe()
  }

  #watched (): void {
    this.#lingers = false
    this.#callOffLinger()
    this.#follow()
  }

  #unwatched (): void {
    this.#lingers = true
    this.#callOffLinger = this.#parts.clock.after(LINGER, () => {
      this.#lingers = false
      this.#follow()
    })
    this.#follow()
    this.#expire()
  }

  /** Who comes next shall not see what was new long ago; with a rate, it is the newest until the next one is due. */
  #expire (): void {
    this.#callOffExpiry()
    const { latest } = this.hub
    const { fps = Infinity } = this.#wishes
    const left = latest?.live ? latest.at + 1_000 / fps - this.#parts.clock.now() : 0
    if (left <= 0) this.hub.clear()
    else this.#callOffExpiry = this.#parts.clock.after(left, () => { if (this.hub.viewers === 0) this.#expire() })
  }

  /** As viewers come and go, and as the camera does. One that is on demand is woken by this, as by any viewer. */
  #follow (): void {
    const { camera, state } = this.#original
    const feeds = this.hub.viewers > 0 && (camera.onDemand || state.kind === 'running')
    if (feeds !== this.#isFed) {
      this.#isFed = feeds
      if (feeds) this.#subscribe()
      else this.#subscriber?.end()
    }
    this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched')
    this.#tell()
  }

  /** A new subscriber is handed the newest picture at once. */
  #subscribe (): void {
    const before = this.#subscriber
    this.#subscriber = this.#original.hub.subscribe({
      write: (frame, done) => {
        if (this.#feeding?.offer(frame) === false) this.hub.forget()
        done()
      },
      end () {}
    })
    before?.end()
  }

  #launch (): void {
    const { width, height, quality, fps } = this.#wishes
    const encoding = this.#encoding = this.#parts.encode({ width, height, quality }, {
      onJpeg: jpeg => {
        take({ ...jpeg, ...feeding.came() })
        if (this.hub.viewers === 0) this.#expire() // it was still in the process when the last one left
        feeding.goOn()
      },
      onBroken: error => this.#lifecycle.broken(unreadable(error)),
      onExit: exit => {
        feeding.stop()
        this.#encoding = this.#feeding = undefined
        this.#lifecycle.exited(failureOf(exit))
      }
    })
    const feeding = this.#feeding = new OneInFlight(encoding, this.#parts.clock, () => this.#lifecycle.sign(), fps)
    this.#pace()
    const take = this.#intake.open(this.#lifecycle)
    if (this.#isFed) this.#subscribe()
  }

  #tell (): void {
    this.#statusFrames.tell(this.state)
    this.emit('change')
  }
}

const noPictures: Failure = { code: 'stalled', message: 'ffmpeg makes no pictures of this size of the camera\'s.' }

const failureOf = (exit: FfmpegExit): Failure =>
  exit.code === 0 ? { code: 'exited', message: 'ffmpeg has ended.' } : classify(exit, true)
