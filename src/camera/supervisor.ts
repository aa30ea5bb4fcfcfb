import { EventEmitter } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { CodedHub } from '../coded/coded-hub.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { labelOf } from '../sources/kinds.js'
import { CameraMemory } from '../capture/camera-memory.js'
import type { Attempt } from '../capture/attempt.js'
import { changeOf } from '../config/changes.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { failure } from '../failure/sentences.js'
import { inputStatus } from '../capture/input.js'
import { Lifecycle } from '../lifecycle/lifecycle.js'
import type { LifecycleCounts } from '../lifecycle/lifecycle-counts.js'
import type { LiveVideo } from '../live/live-video.js'
import type { PtzControl } from '../onvif/ptz-control.js'
import { isoBy, stateStatus } from '../lifecycle/status.js'
import type { StreamOption } from '../renditions/renditions.js'
import { isAlive, type State } from '../lifecycle/state.js'
import type { CameraStatus } from '../stream/status.js'
import type { Stream } from '../stream/stream.js'
import type { StreamHost } from '../stream/stream-host.js'
import { decoderStatus, type DecoderReport } from '../decoder/status.js'
import { CameraSecrets } from './camera-secrets.js'
import { CameraStreams, type StreamsParts } from './camera-streams.js'
import { codedEvents } from './coded-events.js'
import { Received } from './received.js'
import type { Substream } from './substream.js'

export type SupervisorParts = StreamsParts

/**
 * Keeps one camera's pictures coming, attempt after attempt, as its lifecycle asks for them. Its streams make of them what viewers see. Emits `removed`
 * when the camera is no longer configured.
 */
export class Supervisor extends EventEmitter<{ change: [], removed: [] }> implements StreamHost {
  readonly coded: CodedHub
  readonly received = new Received()
  #camera: LiveCamera
  #memory: CameraMemory
  readonly #secrets: CameraSecrets
  #label: string | undefined
  readonly #parts: SupervisorParts
  readonly #lifecycle: Lifecycle
  readonly #streams: CameraStreams
  #attempt: Attempt | undefined
  #attempts = 0
  #movedDown = 0

  constructor (camera: LiveCamera, parts: SupervisorParts) {
    super()
    this.setMaxListeners(0) // one for each rendition
    this.#camera = camera
    this.#secrets = new CameraSecrets(camera)
    this.#memory = new CameraMemory(camera)
    this.coded = new CodedHub(parts.clock)
    const now = () => this.#camera
    this.#parts = parts
    this.#lifecycle = new Lifecycle({
      get title () { return now().name },
      get fps () { return now().fps },
      line: to => ({ camera: camera.id, ...(to.kind === 'starting' || to.kind === 'waiting') && { source: this.#address } }),
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#attempt) this.#attempt.stop()
        else this.#exited(undefined, this.memory) // it was still waiting to start
      },
      stalled: () => this.#attempt?.lastFailure ?? failure('stalled', this.memory.target),
      changed: () => this.#changed()
    }, 'stopped', { ...parts, startLimiter: parts.attemptLimiter })
    this.#streams = new CameraStreams(this, parts)
    this.#streams.open()
  }

  /** As configured now. */
  get camera (): LiveCamera { return this.#camera }
  get memory (): CameraMemory { return this.#memory }
  /** A smaller stream of the camera; undefined if the file has none. */
  get substream (): Substream | undefined { return this.#streams.substream }
  get live (): LiveVideo { return this.#streams.live }
  /** What moves the camera; undefined if the file has no ONVIF address. */
  get ptz (): PtzControl | undefined { return this.#streams.ptz }

  get state (): State { return this.#lifecycle.state }
  get pictureState (): State { return this.#streams.full.state }
  get isDecoded (): boolean { return this.#streams.full.decoder.isActive }
  get hub (): Hub<Frame> { return this.#streams.full.hub }
  /** Its own hub and those of its renditions. */
  get hubs (): Array<Hub<Frame>> { return this.#streams.all.map(({ hub }) => hub) }

  /** The camera's own picture, or the rendition of this name. @throws {CamgateError} RENDITION_NOT_FOUND */
  stream (name?: string): Stream { return this.#streams.find(name) }
  /** The streams that `auto` chooses from, the full picture first. */
  renditionOptions (): StreamOption[] { return this.#streams.options() }
  /** How often another configuration has taken effect on what `renditionOptions` returns. */
  get renditionChanges (): number { return this.#streams.renditionChanges }

  /** What viewers watch of it. */
  get streams (): CameraStreams { return this.#streams }
  /** Attempts that failed since it was added, by code. */
  get failures (): LifecycleCounts['failures'] { return this.#lifecycle.counts.failures }
  /** What makes its JPEGs; null if nothing has to, and while it is not read. */
  get decoder (): DecoderReport | null { return this.#streams.decoderReport(this.#attempt?.input() ?? null) }

  /** The source without secrets. Computed once for each configuration, because pages poll it every second; all secrets are known by the first request. */
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

  /** Takes over a changed configuration of the same camera. Viewers stay, except those of a rendition that is no longer there. */
  apply (camera: LiveCamera): void {
    const before = this.#camera
    const change = changeOf(before, camera)
    if (change === 'none') return
    const forgetOld = this.#secrets.replace(camera)
    this.#camera = camera
    this.#label = undefined
    if (change === 'connection') this.#reconnect(!isDeepStrictEqual(loginOf(before), loginOf(camera)))
    if (change === 'pictures') this.#remake(before)
    this.#streams.apply(before, change)
    if (camera.enabled !== before.enabled) this.#lifecycle.ask(camera.enabled ? 'start' : 'stop')
    this.demandChanged()
    this.emit('change')
    void this.#settled().then(forgetOld)
  }

  /** The camera has been taken out of the configuration: shows its viewers that it has, and closes. Resolves when nothing is left of it. */
  async remove (): Promise<void> {
    this.emit('removed')
    const left = this.#streams.leave(REMOVED, 'removed')
    this.#lifecycle.ask('stop')
    await left
    await this.close()
  }

  /** Ends every viewer and process of a camera that is no longer needed. Then forgets its secrets: nothing is left that could print them. */
  async close (): Promise<void> {
    this.#label = this.#address // without its secrets, which are still known
    await Promise.all([this.stop(), this.#streams.close()])
    this.#secrets.forget()
  }

  status (): CameraStatus {
    const { clock } = this.#parts
    const input = this.#attempt?.input() ?? null
    const decoder = this.#streams.decoderReport(input)
    return {
      name: this.camera.name,
      address: this.#address,
      simulated: this.camera.simulated ?? false,
      fpsLimit: this.camera.fps,
      onDemand: this.camera.onDemand,
      ...this.#streams.status(),
      ...stateStatus(this.state, clock),
      input: input && inputStatus(input, this.coded.track && this.coded.report(), isoBy(clock)),
      decoder: decoder && decoderStatus(decoder, clock),
      restarts: Math.max(0, this.#attempts - 1),
      ptz: this.ptz?.ability ?? null
    }
  }

  async #ask (kind: 'start' | 'stop' | 'restart'): Promise<State> {
    this.#lifecycle.ask(kind)
    if (kind !== 'stop') this.#streams.full.decoder.retry()
    if (kind !== 'start') void this.ptz?.rest()
    await this.#settled()
    return this.state
  }

  /** Resolves once nothing is being stopped. */
  async #settled (): Promise<void> {
    await Promise.all([this.#lifecycle.settled(), this.#streams.settled()])
  }

  /** With another address or other credentials, whatever is known of the camera is of no use any more, and neither is a wait. */
  #reconnect (isNewLogin: boolean): void {
    const { state } = this
    if (isNewLogin) this.#memory = new CameraMemory(this.#camera)
    if (isNewLogin || !state.refusal) this.#lifecycle.ask('renew')
    else if (isAlive(state)) this.#lifecycle.ask('restart')
  }

  /** Makes other pictures. If the attempt makes them itself, or passes them on unchanged, that takes another attempt. */
  #remake (before: LiveCamera): void {
    if (this.#camera.hwaccel !== before.hwaccel) this.memory.failedDecoder = undefined
    if (this.#attempt && isAlive(this.state) && !this.#attempt.fits?.(this.#camera)) this.#lifecycle.ask('restart')
  }

  get #wanted (): boolean { return !this.camera.onDemand || this.#streams.areNeeded }

  demandChanged (): void {
    this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched')
    this.#streams.update()
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
    this.#streams.update() // after that: renditions have unsubscribed by now, if they could
  }

  #launch (): void {
    const { memory } = this
    this.#attempts++
    this.#attempt = this.received.counted(this.#parts)(this.camera, {
      onPicture: this.#streams.full.publish(this.#lifecycle),
      onTrack: track => {
        if (track) this.coded.begin(track)
        else this.coded.end()
        this.#changed()
      },
      ...codedEvents(this.coded, this.#lifecycle),
      onExit: failure => this.#exited(failure, memory)
    }, memory)
  }

  /** What an attempt with an old address or password has met with says nothing about the next. */
  #exited (failure: Failure | undefined, memory: CameraMemory): void {
    this.#attempt = undefined
    this.coded.end()
    this.#lifecycle.exited(memory === this.memory ? memory.endOf(failure) : undefined)
  }
}

const REMOVED = 'This camera has been removed from the configuration.'

/** What a login depends on. */
const loginOf = ({ source, credentials, auth }: LiveCamera) => ({ source, credentials, auth })
