import { EventEmitter, once } from 'node:events'
import type { LiveCamera, Rendition as RenditionConfig } from '../config/registry.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { Subscriber } from '../frames/subscriber.js'
import type { Encode, Encoding } from './encoding.js'
import type { Failure } from '../failure/failure.js'
import { unreadable } from '../failure/sentences.js'
import { ffmpegFailure } from '../ffmpeg/failure.js'
import { OneInFlight } from './one-in-flight.js'
import { Publisher } from '../stream/publisher.js'
import { Lifecycle, LINGER_MS, type LifecycleParts } from '../lifecycle/lifecycle.js'
import { outageOf, type State } from '../lifecycle/state.js'
import { StatusFrames, type StatusFramesParts } from '../stream/status-frames.js'
import { statusOf, type RenditionStatus } from '../stream/status.js'
import type { Stream } from '../stream/stream.js'

export interface RenditionParts extends LifecycleParts, StatusFramesParts {
  readonly encode: Encode
}

/** The camera's own stream, from which renditions are made. */
export interface Original extends Stream { readonly camera: LiveCamera }

/**
 * Another size, rate or quality of a camera's picture, made from the frames that its viewers get. It subscribes to the camera's
 * hub while it has viewers. Its process stops with the camera, or a while after the last viewer.
 */
export class Rendition extends EventEmitter<{ change: [] }> implements Stream {
  readonly #config: RenditionConfig
  readonly #original: Original
  readonly #parts: RenditionParts
  readonly #publisher: Publisher
  readonly #lifecycle: Lifecycle
  readonly #statusFrames: StatusFrames
  #encoding: Encoding | undefined
  #inFlight: OneInFlight | undefined
  #isSubscribed = false
  #subscriber: Subscriber<Frame> | undefined
  #isLingering = false
  #cancelLinger = () => {}
  #cancelExpiry = () => {}

  constructor (config: RenditionConfig, original: Original, parts: RenditionParts) {
    super()
    this.setMaxListeners(0) // one for each snapshot that waits for its first picture
    const { camera } = original
    const { name, width, height, fps = camera.fps } = config
    this.#config = config
    this.#original = original
    this.#parts = parts
    this.#publisher = new Publisher(parts.clock)
    this.#lifecycle = new Lifecycle({
      title: `${camera.name}, rendition ${name}`,
      line: () => ({ camera: camera.id, rendition: name }),
      fps: Math.min(fps, camera.fps),
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#encoding) this.#encoding.stop()
        else this.#lifecycle.exited(undefined) // it was still queuing for its start
      },
      stalled: () => this.#inFlight?.isPending ? NO_PICTURES : undefined,
      changed: () => this.#changed()
    }, 'idle', parts)
    this.hub.on('joined', () => this.#joined())
    this.hub.on('left', () => this.#pace())
    this.hub.on('watched', () => this.#watched())
    this.hub.on('unwatched', () => this.#unwatched())
    original.on('change', () => this.#update())
    const size = width === undefined && height === undefined ? camera : { width, height }
    this.#statusFrames = new StatusFrames({ name: camera.name, width: size.width, height: size.height }, this.#publisher, this.state, parts) // last: a viewer wakes the rendition first
  }

  get name (): string { return this.#config.name }
  get hub (): Hub<Frame> { return this.#publisher.hub }
  /** Whether it subscribes to the camera's own hub. */
  get isSubscribed (): boolean { return this.#isSubscribed }

  /** The rendition's own state while the camera runs, otherwise the camera's. */
  get state (): State {
    const { state } = this.#original
    const own = this.#lifecycle.state
    if (state.kind !== 'running') return state
    return own.kind === 'stopping' && !outageOf(own) ? { kind: 'starting', since: own.since, attempt: 1, outage: null } : own
  }

  statusPicture (): Promise<SplitJpeg | undefined> { return this.#statusFrames.picture() }

  status (): RenditionStatus { return statusOf(this.state, this.#publisher, this.#parts.clock) }

  /** Resolves once no process is being stopped. */
  async settled (): Promise<void> {
    while (this.#lifecycle.state.kind === 'stopping') await once(this, 'change')
  }

  get #wanted (): boolean {
    return this.#original.state.kind === 'running' && (this.hub.viewers > 0 || this.#isLingering)
  }

  /** Makes no more pictures than the fastest viewer wants. */
  #pace (): void {
    if (this.hub.viewers > 0) this.#inFlight?.pace(this.hub.fps)
  }

  /** If there was no picture for a new viewer, has one made from the camera's newest. */
  #joined (): void {
    this.#pace()
    if (this.hub.latest) return
    if (this.#inFlight?.hurry() && this.#isSubscribed) this.#subscribe()
  }

  #watched (): void {
    this.#isLingering = false
    this.#cancelLinger()
    this.#update()
  }

  #unwatched (): void {
    this.#isLingering = true
    this.#cancelLinger = this.#parts.clock.after(LINGER_MS, () => {
      this.#isLingering = false
      this.#update()
    })
    this.#update()
    this.#expire()
  }

  /** The next viewer must not be shown an old picture. With a rate, a picture stays the newest until the next one is due. */
  #expire (): void {
    this.#cancelExpiry()
    const { latest } = this.hub
    const { fps = Infinity } = this.#config
    const left = latest?.live ? latest.at + 1_000 / fps - this.#parts.clock.now() : 0
    if (left <= 0) this.hub.clear()
    else this.#cancelExpiry = this.#parts.clock.after(left, () => { if (this.hub.viewers === 0) this.#expire() })
  }

  /** Follows the viewers and the camera. A subscription wakes an on-demand camera, as any viewer does. */
  #update (): void {
    const { camera, state } = this.#original
    const subscribes = this.hub.viewers > 0 && (camera.onDemand || state.kind === 'running')
    if (subscribes !== this.#isSubscribed) {
      this.#isSubscribed = subscribes
      if (subscribes) this.#subscribe()
      else this.#subscriber?.end()
    }
    this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched')
    this.#changed()
  }

  /** A new subscriber is handed the newest picture at once. */
  #subscribe (): void {
    const before = this.#subscriber
    this.#subscriber = this.#original.hub.subscribe({
      write: (frame, done) => {
        if (this.#inFlight?.offer(frame) === false) this.hub.forget()
        done()
      },
      end () {}
    })
    before?.end()
  }

  #launch (): void {
    const { width, height, quality, fps } = this.#config
    const encoding = this.#encoding = this.#parts.encode({ width, height, quality }, {
      onJpeg: jpeg => {
        take({ ...jpeg, ...inFlight.result() })
        if (this.hub.viewers === 0) this.#expire() // it was still in the process when the last viewer left
        inFlight.next()
      },
      onBroken: error => this.#lifecycle.broken(unreadable(error)),
      onExit: exit => {
        inFlight.stop()
        this.#encoding = this.#inFlight = undefined
        this.#lifecycle.exited(failureOf(exit))
      }
    })
    const inFlight = this.#inFlight = new OneInFlight(encoding, this.#parts.clock, () => this.#lifecycle.signOfLife(), fps)
    this.#pace()
    const take = this.#publisher.open(this.#lifecycle)
    if (this.#isSubscribed) this.#subscribe()
  }

  #changed (): void {
    this.#statusFrames.update(this.state)
    this.emit('change')
  }
}

const NO_PICTURES: Failure = { code: 'stalled', message: 'ffmpeg makes no pictures of this size from the camera\'s.' }

const failureOf = (exit: FfmpegExit): Failure =>
  exit.code === 0 ? { code: 'exited', message: 'ffmpeg has ended.' } : ffmpegFailure(exit, true)
