import { EventEmitter, once } from 'node:events'
import type { RenditionOption } from '../adaptive/adaptive-subscriber.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { addCredentials, addSecrets } from '../text/redact.js'
import { labelOf } from '../sources/kinds.js'
import { CameraMemory } from '../capture/camera-memory.js'
import type { Attempt, Launch } from '../capture/attempt.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { failure } from '../failure/sentences.js'
import { inputStatus } from '../capture/input.js'
import { Publisher } from '../stream/publisher.js'
import { Lifecycle, LINGER_MS } from '../lifecycle/lifecycle.js'
import type { RenditionParts } from '../renditions/rendition.js'
import { Renditions } from '../renditions/renditions.js'
import type { State } from '../lifecycle/state.js'
import { StatusFrames } from '../stream/status-frames.js'
import { isoBy, statusOf, type CameraStatus } from '../stream/status.js'
import type { Stream } from '../stream/stream.js'

export interface SupervisorParts extends RenditionParts {
  readonly launch: Launch
}

/** Keeps one camera's pictures coming, attempt after attempt, as its lifecycle asks for them. */
export class Supervisor extends EventEmitter<{ change: [to: State, from: State] }> implements Stream {
  readonly camera: LiveCamera
  readonly #memory: CameraMemory
  readonly #forgetSecrets: ReadonlyArray<() => void>
  #label: string | undefined
  readonly #parts: SupervisorParts
  readonly #publisher: Publisher
  readonly #lifecycle: Lifecycle
  readonly #statusFrames: StatusFrames
  readonly #renditions: Renditions
  #attempt: Attempt | undefined
  #attempts = 0
  #movedDown = 0

  constructor (camera: LiveCamera, parts: SupervisorParts) {
    super()
    this.setMaxListeners(0) // one for each request that waits for a process to exit
    this.camera = camera
    this.#forgetSecrets = [addSecrets(camera.secrets ?? []), ...camera.credentials ? [addCredentials(camera.credentials)] : []]
    this.#memory = new CameraMemory(camera)
    this.#parts = parts
    this.#publisher = new Publisher(parts.clock, { fps: camera.fps, holdsDamaged: camera.onLoss === 'hold' })
    this.#lifecycle = new Lifecycle({
      title: camera.name,
      fps: camera.fps,
      line: to => ({ camera: camera.id, ...(to.kind === 'starting' || to.kind === 'waiting') && { source: this.#address } }),
      wanted: () => !camera.onDemand || this.hub.viewers > 0,
      launch: () => this.#launch(),
      end: () => {
        if (this.#attempt) this.#attempt.stop()
        else this.#exited(undefined) // it was still waiting to start
      },
      stalled: () => this.#attempt?.lastFailure ?? failure('stalled', this.#memory.target),
      changed: (to, from) => {
        this.emit('change', to, from)
        this.#statusFrames.update(to) // last: renditions have unsubscribed by now, if they could
      }
    }, 'stopped', parts)
    if (camera.onDemand) this.#followViewers()
    this.#statusFrames = new StatusFrames(camera, this.#publisher, this.state, parts) // after #followViewers: a viewer wakes the camera first
    this.#renditions = new Renditions(this, parts)
  }

  get state (): State { return this.#lifecycle.state }
  get hub (): Hub<Frame> { return this.#publisher.hub }
  /** Its own hub and those of its renditions. */
  get hubs (): Array<Hub<Frame>> { return [this, ...this.#renditions.all].map(({ hub }) => hub) }

  /** The camera's own picture, or the rendition of this name. @throws {CamgateError} RENDITION_NOT_FOUND */
  stream (name?: string): Stream { return this.#renditions.stream(name) }
  /** The streams that `auto` chooses from, the full picture first. */
  renditionOptions (): RenditionOption[] { return this.#renditions.options(this.#publisher.newest) }

  /** The source without secrets. Computed once, because pages poll it every second; all secrets are known by the first request. */
  get #address (): string {
    this.#label ??= labelOf(this.camera.source)
    return this.#label
  }

  /** How often `auto` moved a viewer to a smaller rendition. */
  get movedDown (): number { return this.#movedDown }
  noteMovedDown (): void { this.#movedDown++ }

  statusPicture (): Promise<SplitJpeg | undefined> { return this.#statusFrames.picture() }

  /** Starts the camera. Resolves with its state once no earlier process is left. */
  start (): Promise<State> { return this.#ask('start') }
  /** Stops the camera until it is started by hand. Resolves once its process has exited. */
  stop (): Promise<State> { return this.#ask('stop') }
  /** Starts a new process in any state. Resolves once the old one has exited. */
  restart (): Promise<State> { return this.#ask('restart') }

  /** Ends every viewer and process of a camera that is no longer needed. Then forgets its secrets: nothing is left that could print them. */
  async close (): Promise<void> {
    this.#label = this.#address // without its secrets, which are still known
    for (const hub of this.hubs) hub.close()
    await this.stop()
    for (const forget of this.#forgetSecrets) forget()
  }

  status (): CameraStatus {
    const { clock } = this.#parts
    const input = this.#attempt?.input()
    const status = statusOf(this.state, this.#publisher, clock)
    return {
      name: this.camera.name,
      address: this.#address,
      simulated: this.camera.simulated ?? false,
      fpsLimit: this.camera.fps,
      ...status,
      viewers: status.viewers - this.#renditions.all.filter(({ isSubscribed }) => isSubscribed).length,
      input: input ? inputStatus(input, isoBy(clock)) : null,
      restarts: Math.max(0, this.#attempts - 1),
      renditions: Object.fromEntries(this.#renditions.all.map(rendition => [rendition.name, rendition.status()]))
    }
  }

  async #ask (kind: 'start' | 'stop' | 'restart'): Promise<State> {
    this.#lifecycle.ask(kind)
    while (this.state.kind === 'stopping') await once(this, 'change')
    await Promise.all(this.#renditions.all.map(rendition => rendition.settled()))
    return this.state
  }

  #followViewers (): void {
    let cancel = () => {}
    this.hub.on('watched', () => {
      cancel()
      this.#lifecycle.ask('watched')
    })
    this.hub.on('unwatched', () => {
      cancel = this.#parts.clock.after(LINGER_MS, () => this.#lifecycle.ask('unwatched'))
    })
  }

  #launch (): void {
    this.#attempts++
    this.#attempt = this.#parts.launch(this.camera, {
      onPicture: this.#publisher.open(this.#lifecycle),
      onBroken: failure => this.#lifecycle.broken(failure),
      onUnchanged: () => this.#lifecycle.signOfLife(),
      onExit: failure => this.#exited(failure)
    }, this.#memory)
  }

  #exited (failure: Failure | undefined): void {
    this.#attempt = undefined
    this.#lifecycle.exited(this.#memory.endOf(failure))
  }
}
