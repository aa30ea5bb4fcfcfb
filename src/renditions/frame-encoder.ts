import { EventEmitter } from 'node:events'
import type { Rendition as RenditionConfig } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { unreadable } from '../failure/sentences.js'
import { ffmpegFailure } from '../ffmpeg/failure.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import type { Frame } from '../frames/frame.js'
import type { Subscriber } from '../frames/subscriber.js'
import type { Demand } from '../lifecycle/demand.js'
import { Lifecycle, type LifecycleParts } from '../lifecycle/lifecycle.js'
import type { State } from '../lifecycle/state.js'
import type { Publisher } from '../stream/publisher.js'
import type { StreamHost } from '../stream/stream-host.js'
import type { Encode, Encoding } from './encoding.js'
import { OneInFlight } from './one-in-flight.js'

export interface FrameEncoderParts extends LifecycleParts {
  readonly encode: Encode
}

/**
 * Makes a rendition from the frames of the camera's own picture. It subscribes to them while the rendition has viewers. Its
 * process stops with the camera, or a while after the last viewer. Emits `change` after each change of its state.
 */
export class FrameEncoder extends EventEmitter<{ change: [] }> {
  #config: RenditionConfig
  readonly #host: StreamHost
  readonly #publisher: Publisher
  readonly #neededFor: () => Demand['reason']
  readonly #parts: FrameEncoderParts
  readonly #lifecycle: Lifecycle
  #encoding: Encoding | undefined
  #inFlight: OneInFlight | undefined
  #isSubscribed = false
  #subscriber: Subscriber<Frame> | undefined
  #cancelExpiry = () => {}

  constructor (config: RenditionConfig, host: StreamHost, publisher: Publisher, neededFor: () => Demand['reason'], parts: FrameEncoderParts) {
    super()
    this.#config = config
    this.#host = host
    this.#publisher = publisher
    this.#neededFor = neededFor
    this.#parts = parts
    const fps = () => Math.min(this.#config.fps ?? Infinity, host.camera.fps)
    this.#lifecycle = new Lifecycle({
      get title () { return `${host.camera.name}, rendition ${config.name}` },
      line: () => ({ camera: host.camera.id, rendition: config.name }),
      get fps () { return fps() },
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#encoding) this.#encoding.stop()
        else this.#lifecycle.exited(undefined) // it was still queuing for its start
      },
      stalled: () => this.#inFlight?.isPending ? NO_PICTURES : undefined,
      changed: () => this.emit('change')
    }, 'idle', parts)
    publisher.hub.on('joined', () => this.#joined())
    publisher.hub.on('left', () => this.#pace())
  }

  /** Whether it subscribes to the frames of the camera's own picture. */
  get isSubscribed (): boolean { return this.#isSubscribed }

  get state (): State { return this.#lifecycle.shownState }

  /** Call it after every change of the camera or of the demand. */
  update (): void {
    const subscribes = this.#hasFrames && this.#neededFor() === 'viewers'
    if (subscribes !== this.#isSubscribed) {
      this.#isSubscribed = subscribes
      if (subscribes) this.#subscribe()
      else this.#subscriber?.end()
    }
    this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched')
    if (this.#neededFor() === 'linger') this.#expire()
  }

  /** Makes the rendition as configured now: replaces the process, if there is one. */
  renew (config: RenditionConfig): void {
    this.#config = config
    this.#lifecycle.ask('renew')
  }

  /** Begins to stop its process, and starts none any more. */
  close (): void {
    this.#cancelExpiry()
    this.#lifecycle.ask('stop')
  }

  /** Resolves once no process is being stopped. */
  settled (): Promise<void> { return this.#lifecycle.settled() }

  get #hasFrames (): boolean { return this.#host.pictureState.kind === 'running' }
  get #wanted (): boolean { return this.#hasFrames && this.#neededFor() !== null }

  /** Makes no more pictures than the fastest viewer wants. */
  #pace (): void {
    const { viewers, fps } = this.#publisher.hub
    if (viewers > 0) this.#inFlight?.pace(fps)
  }

  /** If there was no picture for a new viewer, has one made from the camera's newest. */
  #joined (): void {
    this.#pace()
    if (this.#publisher.hub.latest) return
    if (this.#inFlight?.hurry() && this.#isSubscribed) this.#subscribe()
  }

  /** The next viewer must not be shown an old picture. With a rate, a picture stays the newest until the next one is due. */
  #expire (): void {
    this.#cancelExpiry()
    const { hub } = this.#publisher
    const { latest } = hub
    const { fps = Infinity } = this.#config
    const left = latest?.live ? latest.at + 1_000 / fps - this.#parts.clock.now() : 0
    if (left <= 0) hub.clear()
    else this.#cancelExpiry = this.#parts.clock.after(left, () => { if (hub.viewers === 0) this.#expire() })
  }

  /** A new subscriber is handed the newest picture at once. */
  #subscribe (): void {
    const subscriber = this.#host.hub.subscribe({
      write: (frame, done) => {
        if (this.#inFlight?.offer(frame) === false) this.#publisher.hub.forget()
        done()
      },
      end () {}
    })
    this.#subscriber?.end()
    this.#subscriber = subscriber
  }

  #launch (): void {
    const { width, height, quality, fps } = this.#config
    const encoding = this.#encoding = this.#parts.encode({ width, height, quality }, {
      onJpeg: jpeg => {
        take({ ...jpeg, ...inFlight.result() })
        if (this.#publisher.hub.viewers === 0) this.#expire() // it was still in the process when the last viewer left
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
}

const NO_PICTURES: Failure = { code: 'stalled', message: 'ffmpeg makes no pictures of this size from the camera\'s.' }

const failureOf = (exit: FfmpegExit): Failure =>
  exit.code === 0 ? { code: 'exited', message: 'ffmpeg has ended.' } : ffmpegFailure(exit, true)
