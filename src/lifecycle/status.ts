import { Type, type Static } from 'typebox'
import { wallTimeOf, type Clock } from '../clock.js'
import type { FailureCode } from '../failure/failure.js'
import { IsoTime, nullable } from '../json-schema.js'
import { outageOf, type State } from './state.js'

export const StateNameSchema = Type.Enum(
  ['stopped', 'idle', 'starting', 'running', 'waiting', 'stopping'],
  { description: 'stopped: by hand · idle: on demand, nobody watches · starting · running: pictures flow · waiting: for its next try · stopping' }
)
export const FailureStatusSchema = nullable(
  Type.Object({ code: Type.Unsafe<FailureCode>(Type.String()), message: Type.String(), since: IsoTime }),
  'Why there is no picture, and since when; it stays through all attempts of one outage'
)
export const NextRetrySchema = nullable(IsoTime, 'When a waiting camera is tried again')

/** A lifecycle's state as JSON. */
export const StateStatusSchema = Type.Object({ state: StateNameSchema, since: IsoTime, failure: FailureStatusSchema, nextRetryAt: NextRetrySchema })
export type StateStatus = Static<typeof StateStatusSchema>

export function stateStatus (state: State, clock: Clock): StateStatus {
  const iso = isoBy(clock)
  const outage = outageOf(state)
  return {
    state: state.kind,
    since: iso(state.since),
    failure: outage && { code: outage.code, message: outage.message, since: iso(outage.since) },
    nextRetryAt: state.kind === 'waiting' ? iso(state.retryAt) : null
  }
}

/** Converts a time of the clock's `now()` to ISO 8601. */
export const isoBy = (clock: Clock) => (at: number): string => new Date(wallTimeOf(clock, at)).toISOString()
