import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { quotable } from '../text/redact.js'
import { logDefect } from '../failure/defect.js'
import type { Failure } from '../failure/failure.js'
import { LifecycleCounts } from './lifecycle-counts.js'
import type { StartLimiter } from './start-limiter.js'
import { isAlive, next, outageOf, type Event, type State } from './state.js'
import { Watchdog } from './watchdog.js'

/** A camera has stalled after this long without a frame (below 0.3 fps: after three frame intervals), whatever ffmpeg reports. */
export const STALL_TIMEOUT_MS = 10_000

export interface LifecycleParts {
  readonly startLimiter: StartLimiter
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** The owner of a lifecycle: it does what the lifecycle decides, and reports what happens. Its configuration may change at any time; `renew` puts that in force. */
export interface LifecycleHost {
  /** Its name in the log. */
  readonly title: string
  /** Extra fields for a log line. */
  line (to: State): object
  readonly fps: number
  /** Whether pictures are wanted: by a viewer, or always. */
  wanted (): boolean
  launch (): void
  /** Ends what was launched. `exited()` follows, at once if nothing was launched yet. */
  end (): void
  /** Why no frame has arrived in time; undefined if none was due. */
  stalled (): Failure | undefined
  /** Called after every change of state, before it takes effect. */
  changed (to: State, from: State): void
}

/** Starts and stops one process as `next()` decides. There is never more than one process. */
export class Lifecycle {
  readonly counts = new LifecycleCounts()
  readonly #host: LifecycleHost
  readonly #parts: LifecycleParts
  readonly #watchdog: Watchdog
  #state: State
  #changes = 0
  /** Those who wait in `settled`. */
  readonly #waiting: Array<() => void> = []
  #leaveStart = () => {}
  #cancelRetry = () => {}

  constructor (host: LifecycleHost, initial: 'stopped' | 'idle', parts: LifecycleParts) {
    this.#host = host
    this.#parts = parts
    this.#state = { kind: initial, since: parts.clock.now() }
    this.#watchdog = new Watchdog(parts.clock, () => Math.max(STALL_TIMEOUT_MS, 3_000 / host.fps), () => this.#stalled())
  }

  get state (): State { return this.#state }
  get alive (): boolean { return isAlive(this.#state) }

  /** What a viewer has to know: a process that is replaced is one that starts. */
  get shownState (): State {
    const state = this.#state
    return state.kind === 'stopping' && !outageOf(state) && this.#host.wanted() ? { kind: 'starting', since: state.since, attempt: 1, outage: null } : state
  }

  /** Resolves once nothing is being stopped. */
  async settled (): Promise<void> {
    while (this.#state.kind === 'stopping') await new Promise<void>(resolve => { this.#waiting.push(resolve) })
  }

  /** Requests of users and viewers. `renew`: what is launched has another configuration now. */
  ask (kind: 'start' | 'stop' | 'restart' | 'renew' | 'watched' | 'unwatched'): void {
    this.#dispatch({ kind, at: this.#now(), wanted: this.#host.wanted() })
  }

  /** Call it when the process proves to be alive without a frame. */
  signOfLife (): void { this.#watchdog.signOfLife() }

  frame (): void {
    this.#watchdog.signOfLife()
    this.#dispatch({ kind: 'frame', at: this.#now() })
  }

  broken (failure: Failure): void {
    if (this.alive) this.#logDefect(failure)
    this.#dispatch({ kind: 'broken', at: this.#now(), failure: redacted(failure) })
  }

  /** Call it once nothing is left of what was launched. `failure` is undefined only after `end()`. */
  exited (failure: Failure = unexplained): void {
    this.#logDefect(failure)
    this.#dispatch({ kind: 'exit', at: this.#now(), failure: redacted(failure), jitter: this.#parts.random() })
  }

  #now (): number { return this.#parts.clock.now() }

  #dispatch (event: Event): void {
    const from = this.#state
    const to = this.#state = next(from, event)
    if (to.kind === from.kind && nextTry(to) === nextTry(from)) return
    this.counts.note(from, to)
    this.#log(from)
    if (from.kind === 'waiting') this.#cancelRetry()
    if (from.kind === 'starting') this.#leaveStart()
    if (!this.alive) this.#watchdog.stop()
    const change = ++this.#changes
    this.#host.changed(to, from)
    if (this.#changes === change) this.#enter(this.#state) // otherwise `changed` has led to another state, which has been entered
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #enter (state: State): void {
    switch (state.kind) {
      case 'starting':
        this.#leaveStart = this.#parts.startLimiter.enter(() => {
          this.#watchdog.start()
          this.#host.launch()
        })
        break
      case 'waiting':
        this.#cancelRetry = this.#parts.clock.after(state.retryAt - this.#now(), () => this.#dispatch({ kind: 'retry', at: this.#now(), wanted: this.#host.wanted() }))
        break
      case 'stopping':
        this.#host.end()
    }
  }

  #logDefect ({ defect }: Failure): void {
    if (defect) logDefect(this.#parts.log, this.#host.title, this.#host.line(this.#state), defect)
  }

  #stalled (): void {
    const failure = this.#host.stalled()
    if (failure) this.broken(failure)
    else this.#watchdog.start()
  }

  /** One line per change: from, to and why. */
  #log (from: State): void {
    const state = this.#state
    const { title } = this.#host
    const why = outageOf(state)
    const line = { ...this.#host.line(state), from: from.kind, to: state.kind, ...why && { why: why.code } }
    if (state.kind === 'waiting') {
      this.#parts.log.warn(line, `${title}: ${state.outage.message} Next try in ${Math.ceil((state.retryAt - this.#now()) / 1000)} s.`)
    } else {
      this.#parts.log.info(line, `${title}: ${state.kind}${state.kind === 'starting' && state.attempt > 1 ? `, attempt ${state.attempt}` : ''}`)
    }
  }
}

/** Every failure passes through here before it reaches a state, and so the log, the status picture and `/status`. Its message, which may quote the camera, is redacted once more. */
const redacted = (failure: Failure): Failure => ({ ...failure, message: quotable(failure.message) })

const unexplained: Failure = { code: 'exited', message: 'It ended.' }

const nextTry = (state: State): number | undefined => state.kind === 'waiting' ? state.retryAt : undefined
