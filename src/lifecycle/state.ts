import { backoff, RECOVERED_AFTER_MS } from './backoff.js'
import type { Failure } from '../failure/failure.js'

/** A failure. The camera has shown no picture since `since`, the clock's time in milliseconds. */
export interface Outage extends Failure { readonly since: number }

/** The state that follows once the process is gone. */
export type Goal =
  | { kind: 'stopped' }
  | { kind: 'idle' }
  | { kind: 'starting' }
  | { kind: 'waiting', attempt: number, outage: Outage }

/** The camera refused our credentials, or did not answer after them, and has not shown a picture since. `at` is the time of the last attempt or refusal. */
export interface Refusal { readonly outage: Outage, readonly at: number }

/** Cameras lock accounts: after a refusal, starts by hand wait until this long after the last attempt. */
const MIN_LOGIN_INTERVAL_MS = 60_000

/** `since` is when this state began, by the clock. */
export type State = Phase & { readonly refusal?: Refusal }

type Phase =
  | { kind: 'stopped', since: number }
  | { kind: 'idle', since: number }
  | { kind: 'starting', since: number, attempt: number, outage: Outage | null }
  | { kind: 'running', since: number, attempt: number }
  | { kind: 'waiting', since: number, attempt: number, outage: Outage, retryAt: number }
  | { kind: 'stopping', since: number, goal: Goal }

/** `at` is the clock's time. `wanted`: whether pictures are needed. It is false only for an on-demand camera without viewers, and for what makes JPEGs that nobody needs. */
export type Event =
  | { kind: 'start' | 'restart' | 'renew' | 'retry', at: number, wanted: boolean }
  | { kind: 'stop', at: number }
  | { kind: 'watched' | 'unwatched', at: number }
  | { kind: 'frame', at: number }
  | { kind: 'broken', at: number, failure: Failure }
  | { kind: 'exit', at: number, failure: Failure, jitter: number }

/** Pure. An event that the state does not expect (a late frame while stopping, say) returns the same object. An event that would log in too soon after a refusal leads to a wait. */
export function next (before: State, event: Event): State {
  const state = event.kind === 'renew' ? unrefused(before) : before
  const to = step(state, event)
  if (to === state || to.kind === 'running') return to
  const refusal = refusalAfter(state, event)
  if (!refusal) return to
  if (to.kind !== 'starting') return { ...to, refusal }
  const retryAt = refusal.at + MIN_LOGIN_INTERVAL_MS
  if (event.kind === 'retry' || event.at >= retryAt) return { ...to, refusal: { ...refusal, at: event.at } }
  if (state.kind === 'waiting') return state.retryAt <= retryAt ? state : { ...state, retryAt }
  return { kind: 'waiting', since: event.at, attempt: 1, outage: refusal.outage, retryAt, refusal }
}

/** A new configuration was never refused. */
function unrefused (state: State): State {
  const { refusal, ...phase } = state
  return refusal ? phase : state
}

function refusalAfter (state: State, event: Event): Refusal | undefined {
  if (event.kind !== 'exit' && event.kind !== 'broken') return state.refusal
  return event.failure.locks || event.failure.unanswered ? { outage: { ...event.failure, since: outageOf(state)?.since ?? event.at }, at: event.at } : state.refusal
}

function step (state: State, event: Event): State {
  switch (state.kind) {
    case 'stopped': // by hand: opening an <img> does not start it
      return event.kind === 'start' || event.kind === 'restart' ? begin(event) : state
    case 'idle':
      if (event.kind === 'stop') return { kind: 'stopped', since: event.at }
      if (event.kind === 'watched') return starting(event.at)
      return event.kind === 'start' || event.kind === 'restart' ? begin(event, state) : state
    case 'waiting':
      switch (event.kind) {
        case 'stop': return { kind: 'stopped', since: event.at }
        // A viewer does not cut a wait short: otherwise each new viewer would cause a login with a wrong password.
        case 'retry': return event.wanted ? starting(event.at, state.attempt + 1, state.outage) : { kind: 'idle', since: event.at }
        case 'start':
        case 'restart': return event.wanted ? starting(event.at, 1, state.outage) : { kind: 'idle', since: event.at }
        case 'renew': return event.wanted ? starting(event.at) : { kind: 'idle', since: event.at } // the failure was the old one's
        default: return state
      }
    case 'starting':
    case 'running':
      switch (event.kind) {
        case 'stop': return stopping(event.at, { kind: 'stopped' })
        case 'restart':
        case 'renew': return stopping(event.at, { kind: event.wanted ? 'starting' : 'idle' })
        case 'unwatched': return stopping(event.at, { kind: 'idle' })
        case 'broken': return stopping(event.at, failed(state, event))
        case 'exit': return settle(failed(state, event), event)
        case 'frame': return state.kind === 'starting' ? { kind: 'running', since: event.at, attempt: state.attempt } : state
        default: return state
      }
    case 'stopping':
      switch (event.kind) {
        case 'exit': return settle(state.goal, event)
        case 'stop': return { ...state, goal: { kind: 'stopped' } }
        case 'start':
        case 'restart': return { ...state, goal: { kind: event.wanted ? 'starting' : 'idle' } }
        case 'renew': return state.goal.kind === 'waiting' ? { ...state, goal: { kind: event.wanted ? 'starting' : 'idle' } } : state
        case 'watched': return state.goal.kind === 'idle' ? { ...state, goal: { kind: 'starting' } } : state
        case 'unwatched': return state.goal.kind === 'starting' ? { ...state, goal: { kind: 'idle' } } : state
        default: return state
      }
  }
}

const starting = (at: number, attempt = 1, outage: Outage | null = null): State => ({ kind: 'starting', since: at, attempt, outage })

const stopping = (at: number, goal: Goal): State => ({ kind: 'stopping', since: at, goal })

function begin ({ at, wanted }: { at: number, wanted: boolean }, idle?: State): State {
  return wanted ? starting(at) : idle ?? { kind: 'idle', since: at }
}

type Alive = Extract<State, { kind: 'starting' | 'running' }>

/** Whether something is launched, or about to be, and not yet to end. */
export const isAlive = (state: State): state is Alive => state.kind === 'starting' || state.kind === 'running'

function failed (state: Alive, { at, failure }: { at: number, failure: Failure }): Goal {
  const recovered = state.kind === 'running' && at - state.since >= RECOVERED_AFTER_MS
  const since = state.kind === 'starting' && state.outage ? state.outage.since : at
  return { kind: 'waiting', attempt: recovered ? 1 : state.attempt, outage: { ...failure, since } }
}

/** The process has gone, so the goal becomes the state. */
function settle (goal: Goal, { at, jitter }: { at: number, jitter: number }): State {
  switch (goal.kind) {
    case 'stopped':
    case 'idle': return { kind: goal.kind, since: at }
    case 'starting': return starting(at)
    case 'waiting': return { ...goal, since: at, retryAt: at + backoff(goal.attempt, goal.outage, jitter) }
  }
}

/** Whether it is stopped until it is started by hand, or about to be. */
export const staysStopped = (state: State): boolean => state.kind === 'stopped' || (state.kind === 'stopping' && state.goal.kind === 'stopped')

/** The failure that keeps the camera from showing pictures, if this state has one. */
export function outageOf (state: State): Outage | null {
  switch (state.kind) {
    case 'starting':
    case 'waiting': return state.outage
    case 'stopping': return state.goal.kind === 'waiting' ? state.goal.outage : null
    default: return null
  }
}
