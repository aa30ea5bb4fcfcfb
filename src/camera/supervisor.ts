import { EventEmitter } from 'node:events'
import { CodedHub } from '../coded/coded-hub.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { addCredentials, addSecrets } from '../text/redact.js'
import { labelOf } from '../sources/kinds.js'
import { CameraMemory } from '../capture/camera-memory.js'
import type { Attempt, Launch } from '../capture/attempt.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { failure } from '../failure/sentences.js'
import { inputStatus, type InputReport } from '../capture/input.js'
import type { JpegPicture } from '../jpeg/picture.js'
import { Demand } from '../lifecycle/demand.js'
import { Lifecycle } from '../lifecycle/lifecycle.js'
import { LiveVideo } from '../live/live-video.js'
import type { PtzControl } from '../onvif/ptz-control.js'
import type { StartLimiter } from '../lifecycle/start-limiter.js'
import { isoBy, stateStatus } from '../lifecycle/status.js'
import type { RenditionParts } from '../renditions/rendition.js'
import { Renditions, type StreamOption } from '../renditions/renditions.js'
import type { State } from '../lifecycle/state.js'
import { statusOf, watching, type CameraStatus } from '../stream/status.js'
import type { Stream } from '../stream/stream.js'
import type { StreamHost } from '../stream/stream-host.js'
import { decoderStatus, type DecoderStatus } from '../decoder/status.js'
import { codedEvents } from './coded-events.js'
import { FullPicture } from './full-picture.js'
import { ptzOf } from './ptz-of.js'
import { Substream } from './substream.js'

export interface SupervisorParts extends RenditionParts {
  readonly launch: Launch
  /** For attempts at cameras. `startLimiter` is for processes that make pictures of what the cameras send. */
  readonly attemptLimiter: StartLimiter
}

/** Keeps one camera's pictures coming, attempt after attempt, as its lifecycle asks for them. Its streams make of them what viewers see. */
export class Supervisor extends EventEmitter<{ change: [] }> implements StreamHost {
  readonly camera: LiveCamera
  readonly memory: CameraMemory
  readonly coded: CodedHub
  readonly live: LiveVideo
  /** A smaller stream of the camera; undefined if the file has none. */
  readonly substream: Substream | undefined
  /** What moves the camera; undefined if the file has no ONVIF address. */
  readonly ptz: PtzControl | undefined
  readonly #forgetSecrets: ReadonlyArray<() => void>
  #label: string | undefined
  readonly #parts: SupervisorParts
  readonly #lifecycle: Lifecycle
  readonly #full: FullPicture
  readonly #liveDemand: Demand
  readonly #renditions: Renditions
  #attempt: Attempt | undefined
  #attempts = 0
  #movedDown = 0

  constructor (camera: LiveCamera, parts: SupervisorParts) {
    super()
    this.setMaxListeners(0) // one for each rendition
    this.camera = camera
    this.#forgetSecrets = [addSecrets(camera.secrets ?? []), ...camera.credentials ? [addCredentials(camera.credentials)] : []]
    this.memory = new CameraMemory(camera)
    this.coded = new CodedHub(parts.clock)
    this.live = new LiveVideo(this.coded, parts.clock, { holdsDamaged: camera.onLoss === 'hold', rewritesSps: camera.rewriteSps })
    this.ptz = ptzOf(camera, this.memory, parts)
    this.#liveDemand = new Demand(this.live.hub, parts.clock, () => this.demandChanged())
    this.#parts = parts
    this.#lifecycle = new Lifecycle({
      title: camera.name,
      fps: camera.fps,
      line: to => ({ camera: camera.id, ...(to.kind === 'starting' || to.kind === 'waiting') && { source: this.#address } }),
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#attempt) this.#attempt.stop()
        else this.#exited(undefined) // it was still waiting to start
      },
      stalled: () => this.#attempt?.lastFailure ?? failure('stalled', this.memory.target),
      changed: () => this.#changed()
    }, 'stopped', { ...parts, startLimiter: parts.attemptLimiter })
    this.#full = new FullPicture(this, parts)
    this.#full.decoder.prependListener('change', () => this.emit('change')) // first: renditions unsubscribe before a status frame is drawn for them
    this.#renditions = new Renditions(this, parts)
    this.substream = camera.substream && new Substream(camera, camera.substream, {
      memory: this.memory,
      isRunning: () => this.state.kind === 'running',
      demandChanged: () => this.demandChanged(),
      changed: () => this.emit('change')
    }, parts)
  }

  get state (): State { return this.#lifecycle.state }
  get pictureState (): State { return this.#full.state }
  get isDecoded (): boolean { return this.#full.decoder.isActive }
  get hub (): Hub<Frame> { return this.#full.hub }
  /** Its own hub and those of its renditions. */
  get hubs (): Array<Hub<Frame>> { return this.#streams.map(({ hub }) => hub) }
  get #liveHubs () { return [this.live.hub, ...this.substream ? [this.substream.live.hub] : []] }
  get #streams () { return [this.#full, ...this.#renditions.all] }

  /** The camera's own picture, or the rendition of this name. @throws {CamgateError} RENDITION_NOT_FOUND */
  stream (name?: string): Stream { return this.#renditions.find(name) ?? this.#full }
  /** The streams that `auto` chooses from, the full picture first. */
  renditionOptions (): StreamOption[] { return this.#renditions.options(this.#full.publisher.newest) }

  /** The source without secrets. Computed once, because pages poll it every second; all secrets are known by the first request. */
  get #address (): string {
    this.#label ??= labelOf(this.camera.source)
    return this.#label
  }

  /** How often `auto` moved a viewer to a smaller rendition. */
  get movedDown (): number { return this.#movedDown }
  noteMovedDown (): void { this.#movedDown++ }

  /** Starts the camera. Resolves with its state once no earlier process is left. */
  start (): Promise<State> { return this.#ask('start') }
  /** Stops the camera until it is started by hand. Resolves once its process has exited. */
  stop (): Promise<State> { return this.#ask('stop') }
  /** Starts a new process in any state. Resolves once the old one has exited. */
  restart (): Promise<State> { return this.#ask('restart') }

  /** Ends every viewer and process of a camera that is no longer needed. Then forgets its secrets: nothing is left that could print them. */
  async close (): Promise<void> {
    this.#label = this.#address // without its secrets, which are still known
    for (const stream of this.#streams) stream.close()
    this.coded.close()
    this.#liveDemand.close()
    this.substream?.close()
    await Promise.all([this.stop(), this.ptz?.close()])
    for (const forget of this.#forgetSecrets) forget()
  }

  status (): CameraStatus {
    const { clock } = this.#parts
    const input = this.#attempt?.input() ?? null
    const status = statusOf(this.#full.state, this.#full.publisher, clock)
    return {
      name: this.camera.name,
      address: this.#address,
      simulated: this.camera.simulated ?? false,
      fpsLimit: this.camera.fps,
      onDemand: this.camera.onDemand,
      ...status,
      ...stateStatus(this.state, clock),
      watching: [...status.watching, ...this.#liveHubs.flatMap(hub => watching(hub, clock))],
      viewers: this.#liveHubs.reduce((sum, { viewers }) => sum + viewers, status.viewers) - this.#renditions.all.filter(({ isSubscribed }) => isSubscribed).length,
      input: input && inputStatus(input, this.coded.track && this.coded.report(), isoBy(clock)),
      decoder: this.#decoderStatus(input),
      restarts: Math.max(0, this.#attempts - 1),
      renditions: Object.fromEntries(this.#renditions.all.map(rendition => [rendition.name, rendition.status()])),
      substream: this.substream?.status() ?? null,
      ptz: this.ptz?.ability ?? null
    }
  }

  async #ask (kind: 'start' | 'stop' | 'restart'): Promise<State> {
    this.#lifecycle.ask(kind)
    if (kind !== 'stop') this.#full.decoder.retry()
    if (kind !== 'start') void this.ptz?.rest()
    await Promise.all([this.#lifecycle, this.#full.decoder, ...this.#renditions.all, ...this.substream ? [this.substream] : []].map(each => each.settled()))
    return this.state
  }

  get #wanted (): boolean {
    return !this.camera.onDemand || this.substream?.isNeeded === true || [this.#liveDemand, ...this.#streams.map(({ demand }) => demand)].some(({ reason }) => reason !== null)
  }

  demandChanged (): void {
    this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched')
    this.#full.update()
    this.substream?.update()
  }

  /** Camgate may misread the camera. If ffmpeg may not read it, another attempt is of no use. */
  undecodable (failure: Failure): void {
    const { notUnderstood: why } = failure
    if (why === undefined || !this.#attempt?.handOver) return
    this.#attempt.handOver(why)
    this.#lifecycle.broken(failure)
  }

  #changed (): void {
    this.emit('change')
    this.#full.update() // after that: renditions have unsubscribed by now, if they could
    this.substream?.update()
  }

  #launch (): void {
    this.#attempts++
    let show: ((picture: JpegPicture) => void) | undefined
    this.#attempt = this.#parts.launch(this.camera, {
      onPicture: picture => {
        show ??= this.#full.publisher.open(this.#lifecycle)
        show(picture)
      },
      onTrack: track => {
        if (track) this.coded.begin(track)
        else this.coded.end()
        this.#changed()
      },
      ...codedEvents(this.coded, this.#lifecycle),
      onExit: failure => this.#exited(failure)
    }, this.memory)
  }

  #exited (failure: Failure | undefined): void {
    this.#attempt = undefined
    this.coded.end()
    this.#lifecycle.exited(this.memory.endOf(failure))
  }

  /** An ffmpeg that reads the camera also decodes what it sends. */
  #decoderStatus (input: InputReport | null): DecoderStatus | null {
    if (this.coded.track) return decoderStatus(this.#full.decoder.report(), this.#parts.clock)
    return input?.decoder ? decoderStatus({ state: this.state, for: 'always', decoding: { decoder: input.decoder } }, this.#parts.clock) : null
  }
}
