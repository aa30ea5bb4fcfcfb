import { EventEmitter, once } from 'node:events'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { SplitJpeg } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { labelOf } from '../sources/kinds.js'
import type { Draw } from './drawing.js'
import type { Attempt, AttemptEnd, Launch, LiveCamera } from './attempt.js'
import { badStream, classify, failure } from './failure.js'
import type { StartGate } from './gate.js'
import { inputStatus } from './input.js'
import { Intake } from './intake.js'
import { rtspFailure } from './rtsp-failure.js'
import { next, outageOf, type Event, type State } from './state.js'
import { StatusFrames } from './status-frames.js'
import type { CameraStatus } from './status.js'
import { Watchdog } from './watchdog.js'

/** No frame for so long (milliseconds) is a stall, whatever ffmpeg thinks of it; for a rate below 0.3 fps, three frames' time. */
export const STALL_AFTER = 10_000
/** An on-demand camera goes on for so long (milliseconds) after its last viewer: a page that is reloaded finds it running. */
export const LINGER = 10_000

export interface SupervisorParts {
  readonly launch: Launch
  readonly draw: Draw
  readonly gate: StartGate
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Keeps one camera's process alive, or gone: it asks `next()` what to do and does it. There is never more than one process. */
export class Supervisor extends EventEmitter<{ change: [to: State, from: State] }> {
  readonly camera: LiveCamera
  readonly #parts: SupervisorParts
  readonly #intake: Intake
  readonly #watchdog: Watchdog
  readonly #statusFrames: StatusFrames
  #state: State
  #attempt: Attempt | undefined
  #attempts = 0
  #leaveGate = () => {}
  #callOffRetry = () => {}

  constructor (camera: LiveCamera, parts: SupervisorParts) {
    super()
    this.setMaxListeners(0) // one for each request that waits for a process to be gone
    this.camera = camera
    this.#parts = parts
    this.#intake = new Intake(parts.clock)
    this.#watchdog = new Watchdog(parts.clock, Math.max(STALL_AFTER, 3_000 / camera.fps), () => this.#stalled())
    this.#state = { kind: 'stopped', since: parts.clock.now() }
    if (camera.onDemand) this.#followViewers()
    this.#statusFrames = new StatusFrames(camera, this.#intake, this.#state, parts) // behind: a viewer wakes the camera first
  }

  get state (): State { return this.#state }
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
    const state = this.#state
    const now = this.#now()
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
    this.#dispatch({ kind, at: this.#now(), wanted: this.#wanted })
    while (this.#state.kind === 'stopping') await once(this, 'change')
    return this.#state
  }

  #followViewers (): void {
    let callOff = () => {}
    this.hub.on('watched', () => {
      callOff()
      this.#dispatch({ kind: 'watched', at: this.#now() })
    })
    this.hub.on('unwatched', () => {
      callOff = this.#parts.clock.after(LINGER, () => this.#dispatch({ kind: 'unwatched', at: this.#now() }))
    })
  }

  get #wanted (): boolean { return !this.camera.onDemand || this.hub.viewers > 0 }
  get #alive (): boolean { return this.#state.kind === 'starting' || this.#state.kind === 'running' }

  #now (): number { return this.#parts.clock.now() }

  #dispatch (event: Event): void {
    const from = this.#state
    this.#state = next(from, event)
    if (this.#state.kind === from.kind) return
    this.#say(from)
    this.#leave(from)
    this.#statusFrames.tell(this.#state)
    this.emit('change', this.#state, from)
    this.#enter(this.#state)
  }

  #leave (from: State): void {
    if (from.kind === 'waiting') this.#callOffRetry()
    if (from.kind === 'starting') this.#leaveGate()
    if (!this.#alive) this.#watchdog.stop()
  }

  #enter (state: State): void {
    switch (state.kind) {
      case 'starting':
        this.#leaveGate = this.#parts.gate.enter(() => this.#launch())
        break
      case 'waiting':
        this.#callOffRetry = this.#parts.clock.after(state.retryAt - state.since, () => this.#dispatch({ kind: 'retry', at: this.#now(), wanted: this.#wanted }))
        break
      case 'stopping':
        if (this.#attempt) this.#attempt.stop()
        else this.#exited({ error: undefined }) // it was still queuing for its start
    }
  }

  #launch (): void {
    const take = this.#intake.open(() => {
      this.#watchdog.sign()
      this.#dispatch({ kind: 'frame', at: this.#now() })
    })
    this.#attempts++
    this.#watchdog.start()
    this.#attempt = this.#parts.launch(this.camera, {
      onData: chunk => {
        if (!this.#alive) return // what comes while it stops is drained, not shown
        try {
          take(chunk)
        } catch (error) {
          if (!(error instanceof CamgateError)) throw error
          this.#dispatch({ kind: 'broken', at: this.#now(), failure: badStream(error.message) })
        }
      },
      onCopy: copies => this.#intake.thin(copies ? this.camera.fps : undefined),
      onExit: end => this.#exited(end)
    })
  }

  #stalled (): void {
    const said = this.#attempt?.complaint
    this.#dispatch({ kind: 'broken', at: this.#now(), failure: said ? badStream(said) : failure('stalled') })
  }

  #exited (end: AttemptEnd): void {
    this.#attempt = undefined
    const hadFrames = this.#state.kind === 'running'
    const failure = 'trouble' in end ? end.trouble : 'error' in end ? rtspFailure(end.error, hadFrames) : classify(end, hadFrames)
    this.#dispatch({ kind: 'exit', at: this.#now(), failure, jitter: this.#parts.random() })
  }

  /** One line per change: which camera, from, to and why. */
  #say (from: State): void {
    const state = this.#state
    const why = outageOf(state)
    const line = { camera: this.camera.id, from: from.kind, to: state.kind, ...why && { why: why.code }, ...state.kind === 'starting' && { source: labelOf(this.camera.source) } }
    if (state.kind === 'waiting') {
      this.#parts.log.warn(line, `${this.camera.name}: ${state.outage.message} Next try in ${Math.ceil((state.retryAt - state.since) / 1000)} s.`)
    } else {
      this.#parts.log.info(line, `${this.camera.name}: ${state.kind}${state.kind === 'starting' && state.attempt > 1 ? `, attempt ${state.attempt}` : ''}`)
    }
  }
}
