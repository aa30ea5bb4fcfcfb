import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { quotable } from '../redact.js'
import { logDefect } from '../failure/defect.js'
import type { Failure } from '../failure/failure.js'
import type { StartLimiter } from './start-limiter.js'
import { next, outageOf, type Event, type State } from './state.js'
import { Watchdog } from './watchdog.js'

/** No frame for so long (milliseconds) is a stall, whatever ffmpeg thinks of it; for a rate below 0.3 fps, three frames' time. */
export const STALL_AFTER = 10_000
/** What runs on demand goes on for so long (milliseconds) after its last viewer: a page that is reloaded finds it running. */
export const LINGER = 10_000

export interface LifecycleParts {
  readonly gate: StartLimiter
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** Whose lifecycle it is: it is told what to do, and tells what has happened. */
export interface LifecycleHost {
  /** What people call it, for the log. */
  readonly title: string
  /** What a line of the log holds beside the change. */
  line (to: State): object
  readonly fps: number
  /** Whether pictures are wanted, by viewers or always. */
  wanted (): boolean
  launch (): void
  /** What was launched is to end; `exited()` follows, at once if nothing was launched yet. */
  end (): void
  /** Why no frame has come for so long; undefined if none was due. */
  stalled (): Failure | undefined
  /** Called behind every change, before what it brings. */
  changed (to: State, from: State): void
}

/** Keeps one process alive, or gone: it asks `next()` what to do and has it done. There is never more than one process. */
export class Lifecycle {
  readonly #living: LifecycleHost
  readonly #parts: LifecycleParts
  readonly #watchdog: Watchdog
  #state: State
  #leaveGate = () => {}
  #callOffRetry = () => {}

  constructor (living: LifecycleHost, initial: 'stopped' | 'idle', parts: LifecycleParts) {
    this.#living = living
    this.#parts = parts
    this.#state = { kind: initial, since: parts.clock.now() }
    this.#watchdog = new Watchdog(parts.clock, Math.max(STALL_AFTER, 3_000 / living.fps), () => this.#stalled())
  }

  get state (): State { return this.#state }
  get alive (): boolean { return this.#state.kind === 'starting' || this.#state.kind === 'running' }

  /** What somebody wants of it. */
  ask (kind: 'start' | 'stop' | 'restart' | 'watched' | 'unwatched'): void {
    this.#dispatch({ kind, at: this.#now(), wanted: this.#living.wanted() })
  }

  /** No frame was due until now. */
  sign (): void { this.#watchdog.sign() }

  frame (): void {
    this.#watchdog.sign()
    this.#dispatch({ kind: 'frame', at: this.#now() })
  }

  broken (failure: Failure): void {
    if (this.alive) this.#logDefect(failure)
    this.#dispatch({ kind: 'broken', at: this.#now(), failure: told(failure) })
  }

  /** Nothing is left of what was launched. `failure` is undefined only after `end()`. */
  exited (failure: Failure = unexplained): void {
    this.#logDefect(failure)
    this.#dispatch({ kind: 'exit', at: this.#now(), failure: told(failure), jitter: this.#parts.random() })
  }

  #now (): number { return this.#parts.clock.now() }

  #dispatch (event: Event): void {
    const from = this.#state
    this.#state = next(from, event)
    if (this.#state.kind === from.kind && nextTry(this.#state) === nextTry(from)) return
    this.#say(from)
    if (from.kind === 'waiting') this.#callOffRetry()
    if (from.kind === 'starting') this.#leaveGate()
    if (!this.alive) this.#watchdog.stop()
    this.#living.changed(this.#state, from)
    this.#enter(this.#state)
  }

  #enter (state: State): void {
    switch (state.kind) {
      case 'starting':
        this.#leaveGate = this.#parts.gate.enter(() => {
          this.#watchdog.start()
          this.#living.launch()
        })
        break
      case 'waiting':
        this.#callOffRetry = this.#parts.clock.after(state.retryAt - this.#now(), () => this.#dispatch({ kind: 'retry', at: this.#now(), wanted: this.#living.wanted() }))
        break
      case 'stopping':
        this.#living.end()
    }
  }

  #logDefect ({ defect }: Failure): void {
    if (defect) logDefect(this.#parts.log, this.#living.title, this.#living.line(this.#state), defect)
  }

  #stalled (): void {
    const failure = this.#living.stalled()
    if (failure) this.broken(failure)
    else this.#watchdog.start()
  }

  /** One line per change: from, to and why. */
  #say (from: State): void {
    const state = this.#state
    const { title } = this.#living
    const why = outageOf(state)
    const line = { ...this.#living.line(state), from: from.kind, to: state.kind, ...why && { why: why.code } }
    if (state.kind === 'waiting') {
      this.#parts.log.warn(line, `${title}: ${state.outage.message} Next try in ${Math.ceil((state.retryAt - this.#now()) / 1000)} s.`)
    } else {
      this.#parts.log.info(line, `${title}: ${state.kind}${state.kind === 'starting' && state.attempt > 1 ? `, attempt ${state.attempt}` : ''}`)
    }
  }
}

/** The only way into a state, and so to the log, the status picture and `/status`: whatever a camera had said, here it is redacted once more. */
const told = (failure: Failure): Failure => ({ ...failure, message: quotable(failure.message) })

const unexplained: Failure = { code: 'exited', message: 'It ended.' }

const nextTry = (state: State): number | undefined => state.kind === 'waiting' ? state.retryAt : undefined
