import type { Attempt, Launch } from '../capture/attempt.js'
import { CameraMemory } from '../capture/camera-memory.js'
import { inputStatus } from '../capture/input.js'
import { CodedHub } from '../coded/coded-hub.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { failure } from '../failure/sentences.js'
import { besideAuthMemory } from '../http-auth/authorizer.js'
import { Demand } from '../lifecycle/demand.js'
import { Lifecycle, type LifecycleParts } from '../lifecycle/lifecycle.js'
import type { StartLimiter } from '../lifecycle/start-limiter.js'
import type { State } from '../lifecycle/state.js'
import { isoBy, stateStatus } from '../lifecycle/status.js'
import { LiveVideo } from '../live/live-video.js'
import type { LiveConfig } from '../live/live-picture.js'
import type { RtspSource } from '../sources/rtsp.js'
import { labelOf } from '../sources/kinds.js'
import type { SubstreamStatus } from '../stream/status.js'
import { codedEvents } from './coded-events.js'

export interface SubstreamParts extends Omit<LifecycleParts, 'startLimiter'> {
  readonly launch: Launch
  /** For attempts at cameras; `startLimiter` is for processes that make pictures of what they send. */
  readonly attemptLimiter: StartLimiter
}

/** What a substream needs of its camera. */
export interface SubstreamHost {
  readonly memory: CameraMemory
  /** Whether the camera itself is running. */
  readonly isRunning: () => boolean
  /** Somebody begins or ceases to need it. */
  readonly demandChanged: () => void
  /** Its state or its track has changed. */
  readonly changed: () => void
}

/**
 * A smaller stream of a camera, for browsers that decode it themselves. It is read while somebody watches it, with an attempt, a watchdog and retries of its
 * own: its failures are not the camera's. It connects only while the camera itself is running, because that has proved the password. Otherwise a
 * wrong one would be tried twice as often, and cameras lock accounts.
 */
export class Substream {
  readonly coded: CodedHub
  readonly live: LiveVideo
  readonly #host: SubstreamHost
  readonly #parts: SubstreamParts
  #camera: LiveCamera<RtspSource>
  #memory: CameraMemory
  readonly #demand: Demand
  readonly #lifecycle: Lifecycle
  /** Those who have it read without watching it. */
  readonly #needed = new Set<object>()
  #attempt: Attempt | undefined
  #attempts = 0
  #lastConfig: LiveConfig | undefined

  constructor (camera: LiveCamera, source: RtspSource, host: SubstreamHost, parts: SubstreamParts) {
    this.#camera = substreamOf(camera, source)
    this.#host = host
    this.#parts = parts
    this.#memory = this.#newMemory()
    this.coded = new CodedHub(parts.clock)
    const now = () => this.#camera
    this.live = new LiveVideo(this.coded, parts.clock, {
      get holdsDamaged () { return now().onLoss === 'hold' },
      get rewritesSps () { return now().rewriteSps }
    })
    this.#demand = new Demand(this.live.hub, parts.clock, () => host.demandChanged())
    this.#lifecycle = new Lifecycle({
      get title () { return `${now().name}, substream` },
      get fps () { return now().fps },
      line: () => ({ camera: camera.id, source: labelOf(this.#camera.source) }),
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#attempt) this.#attempt.stop()
        else this.#lifecycle.exited(undefined) // it was still waiting to start
      },
      stalled: () => this.#attempt?.lastFailure ?? failure('stalled', this.#memory.target),
      changed: () => host.changed()
    }, 'idle', { ...parts, startLimiter: parts.attemptLimiter })
  }

  /** Takes over the camera's configuration. With `renews`, it is read anew; its viewers stay. */
  apply (camera: LiveCamera, source: RtspSource, renews: boolean): void {
    this.#camera = substreamOf(camera, source)
    if (!renews) return
    this.#memory = this.#newMemory()
    this.#lastConfig = undefined
    this.#lifecycle.ask('renew')
  }

  get state (): State { return this.#lifecycle.state }
  /** What it sends, or has sent when it was read last; undefined if it has never been read. */
  get config (): LiveConfig | undefined { return this.live.config ?? this.#lastConfig }
  /** Whether the camera has to be read because of it. */
  get isNeeded (): boolean { return this.#demand.reason !== null || this.#needed.size > 0 }

  /** Has it read, so that its pictures are there before somebody watches them, until this is called with false. */
  need (by: object, isNeeded: boolean): void {
    if (isNeeded === this.#needed.has(by)) return
    if (isNeeded) this.#needed.add(by)
    else this.#needed.delete(by)
    this.#host.demandChanged()
  }

  /** Call it after every change of the camera or of the demand. */
  update (): void { this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched') }

  /** Ends its viewers, and begins to stop its attempt. */
  close (): void {
    this.coded.close()
    this.#demand.close()
    this.#needed.clear()
    this.#lifecycle.ask('stop')
  }

  /** Resolves once nothing is being stopped. */
  settled (): Promise<void> { return this.#lifecycle.settled() }

  status (): SubstreamStatus {
    const { clock } = this.#parts
    const input = this.#attempt?.input() ?? null
    return {
      address: labelOf(this.#camera.source),
      ...stateStatus(this.state, clock),
      viewers: this.live.hub.viewers,
      input: input && inputStatus(input, this.coded.track && this.coded.report(), isoBy(clock)),
      restarts: Math.max(0, this.#attempts - 1)
    }
  }

  get #wanted (): boolean { return this.isNeeded && this.#host.isRunning() }

  #newMemory (): CameraMemory { return new CameraMemory(this.#camera, besideAuthMemory(this.#host.memory.auth)) }

  #launch (): void {
    const memory = this.#memory
    this.#attempts++
    this.#attempt = this.#parts.launch(this.#camera, {
      onPicture: () => this.#lifecycle.broken(SENDS_JPEG),
      onTrack: track => {
        if (track?.codec === 'mjpeg') this.#lifecycle.broken(SENDS_JPEG)
        else if (track) this.coded.begin(track)
        else this.coded.end()
        this.#host.changed()
      },
      ...codedEvents(this.coded, this.#lifecycle),
      onExit: failure => this.#exited(failure, memory)
    }, memory)
  }

  #exited (failure: Failure | undefined, memory?: CameraMemory): void {
    if (memory === this.#memory) this.#lastConfig = this.config
    this.#attempt = undefined
    this.coded.end()
    this.#lifecycle.exited(memory === this.#memory ? memory.endOf(failure) : undefined) // otherwise it is another's, whose configuration has been replaced
  }
}

const substreamOf = (camera: LiveCamera, source: RtspSource): LiveCamera<RtspSource> => ({ ...camera, source, ingest: 'direct' }) // ffmpeg would bring JPEGs

const SENDS_JPEG: Failure = { code: 'unsupported', message: "The camera's substream sends JPEG, which no page needs it for. Set it to H.264 in the camera, or take substream out of cameras.yaml." }
