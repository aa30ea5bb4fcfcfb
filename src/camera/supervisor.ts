import { EventEmitter, once } from 'node:events'
import { CamgateError } from '../errors.js'
import type { SplitJpeg } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { labelOf } from '../sources/kinds.js'
import type { Draw } from './drawing.js'
import type { Attempt, AttemptEnd, Launch, LiveCamera } from './attempt.js'
import { badStream, classify, failure } from './failure.js'
import { inputStatus } from './input.js'
import { Intake } from './intake.js'
import { Lifecycle, LINGER, type LifecycleParts } from './lifecycle.js'
import { rtspFailure } from './rtsp-failure.js'
import { outageOf, type State } from './state.js'
import { StatusFrames } from './status-frames.js'
import type { CameraStatus } from './status.js'

export interface SupervisorParts extends LifecycleParts {
  readonly launch: Launch
  readonly draw: Draw
}

/** Keeps one camera's pictures coming: attempt after attempt, as its lifecycle wants them. */
export class Supervisor extends EventEmitter<{ change: [to: State, from: State] }> {
  readonly camera: LiveCamera
  readonly #parts: SupervisorParts
  readonly #intake: Intake
  readonly #lifecycle: Lifecycle
  readonly #statusFrames: StatusFrames
  #attempt: Attempt | undefined
  #attempts = 0

  constructor (camera: LiveCamera, parts: SupervisorParts) {
    super()
    this.setMaxListeners(0) // one for each request that waits for a process to be gone
    this.camera = camera
    this.#parts = parts
    this.#intake = new Intake(parts.clock)
    this.#lifecycle = new Lifecycle({
      title: camera.name,
      fps: camera.fps,
      line: to => ({ camera: camera.id, ...to.kind === 'starting' && { source: labelOf(camera.source) } }),
      wanted: () => !camera.onDemand || this.hub.viewers > 0,
      launch: () => this.#launch(),
      end: () => {
        if (this.#attempt) this.#attempt.stop()
        else this.#exited({ error: undefined }) // it was still queuing for its start
      },
      stalled: () => this.#attempt?.complaint ? badStream(this.#attempt.complaint) : failure('stalled'),
      changed: (to, from) => {
        this.#statusFrames.tell(to)
        this.emit('change', to, from)
      }
    }, 'stopped', parts)
    if (camera.onDemand) this.#followViewers()
    this.#statusFrames = new StatusFrames(camera, this.#intake, this.state, parts) // behind: a viewer wakes the camera first
  }

  get state (): State { return this.#lifecycle.state }
  get hub (): Hub { return this.#intake.hub }
  /** The status frame's picture as things are; undefined while the camera runs. */
  statusPicture (): Promise<SplitJpeg | undefined> { return this.#statusFrames.picture() }

  /** Wants the camera to run. Resolves with the state it is in once no process of before is left. */
  start (): Promise<State> { return this.#ask('start') }
  /** Wants the camera stopped until it is started by hand. Resolves once its process is gone. */
  stop (): Promise<State> { return this.#ask('stop') }
  /** Wants a new process, whatever the state. Resolves once the old one is gone. */
  restart (): Promise<State> { return this.#ask('restart') }

  status (): CameraStatus {
    const { state } = this
    const now = this.#parts.clock.now()
    const iso = (at: number) => new Date(this.#parts.clock.wall() - now + at).toISOString()
    const outage = outageOf(state)
    const input = this.#attempt?.input()
    return {
      name: this.camera.name,
      state: state.kind,
      since: iso(state.since),
      failure: outage && { code: outage.code, message: outage.message, since: iso(outage.since) },
      nextRetryAt: state.kind === 'waiting' ? iso(state.retryAt) : null,
      fpsLimit: this.camera.fps,
      ...this.#intake.report(now),
      input: input ? inputStatus(input, iso) : null,
      watching: this.hub.deliveries(now).map(({ from, since, fps, dropped, lagMs }) => ({ from, since: iso(since), fps, droppedTotal: dropped, lagMs })),
      restarts: Math.max(0, this.#attempts - 1)
    }
  }

  async #ask (kind: 'start' | 'stop' | 'restart'): Promise<State> {
    this.#lifecycle.ask(kind)
    while (this.state.kind === 'stopping') await once(this, 'change')
    return this.state
  }

  #followViewers (): void {
    let callOff = () => {}
    this.hub.on('watched', () => {
      callOff()
      this.#lifecycle.ask('watched')
    })
    this.hub.on('unwatched', () => {
      callOff = this.#parts.clock.after(LINGER, () => this.#lifecycle.ask('unwatched'))
    })
  }

  #launch (): void {
    const take = this.#intake.open(() => this.#lifecycle.frame())
    this.#attempts++
    this.#attempt = this.#parts.launch(this.camera, {
      onData: chunk => {
        if (!this.#lifecycle.alive) return // what comes while it stops is drained, not shown
        try {
          take(chunk)
        } catch (error) {
          if (!(error instanceof CamgateError)) throw error
          this.#lifecycle.broken(badStream(error.message))
        }
      },
      onCopy: copies => this.#intake.thin(copies ? this.camera.fps : undefined),
      onExit: end => this.#exited(end)
    })
  }

  #exited (end: AttemptEnd): void {
    this.#attempt = undefined
    const hadFrames = this.state.kind === 'running'
    this.#lifecycle.exited('trouble' in end ? end.trouble : 'error' in end ? rtspFailure(end.error, hadFrames) : classify(end, hadFrames))
  }
}
