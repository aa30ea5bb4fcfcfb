import { Type, type Static } from 'typebox'
import { InputStatusSchema } from '../capture/input.js'
import { wallTimeOf, type Clock } from '../clock.js'
import type { FailureCode } from '../failure/failure.js'
import { IsoTime, nullable } from '../json-schema.js'
import { outageOf, type State } from '../lifecycle/state.js'
import type { Publisher } from './publisher.js'

export const StateNameSchema = Type.Enum(
  ['stopped', 'idle', 'starting', 'running', 'waiting', 'stopping'],
  { description: 'stopped: by hand · idle: on demand, nobody watches · starting · running: pictures flow · waiting: for its next try · stopping' }
)
export const FailureStatusSchema = nullable(
  Type.Object({ code: Type.Unsafe<FailureCode>(Type.String()), message: Type.String(), since: IsoTime }),
  'Why there is no picture, and since when; it stays through all attempts of one outage'
)
export const NextRetrySchema = nullable(IsoTime, 'When a waiting camera is tried again')

const ViewerStatusSchema = Type.Object({
  from: Type.String({ description: 'Its address, without the end' }),
  since: IsoTime,
  fps: Type.Number({ description: 'Frames a second that it received, over the last 5 seconds' }),
  droppedTotal: Type.Integer({ description: 'Frames that it skipped because its connection, or camgate itself, was busy' }),
  lagMs: nullable(Type.Integer(), 'How old its newest frame was when its connection had accepted all of it, in milliseconds')
})

/** The picture of a camera, or one of its renditions. Contains no credentials. */
const RenditionStatusSchema = Type.Object({
  state: StateNameSchema,
  since: IsoTime,
  failure: FailureStatusSchema,
  nextRetryAt: NextRetrySchema,
  fps: Type.Number({ description: 'Frames a second over the last 5 seconds' }),
  frameAgeMs: nullable(Type.Integer(), 'Milliseconds since the newest frame arrived from the camera'),
  width: nullable(Type.Integer(), 'Pixels of the newest frame'),
  height: nullable(Type.Integer(), 'Pixels of the newest frame'),
  viewers: Type.Integer({ description: 'Streams and snapshots being sent' }),
  watching: Type.Array(ViewerStatusSchema, { description: 'The viewer of each stream' }),
  framesTotal: Type.Integer(),
  droppedTotal: Type.Integer({ description: 'Frames that some viewer skipped because its connection, or camgate itself, was busy' })
})
export type RenditionStatus = Static<typeof RenditionStatusSchema>

export const CameraStatusSchema = Type.Object({
  name: Type.String(),
  address: Type.String({ description: 'What is asked for pictures, without credentials: an address, a device, a file …' }),
  simulated: Type.Boolean({ description: 'camgate plays the camera itself' }),
  ...RenditionStatusSchema.properties,
  fpsLimit: Type.Number({ description: 'The highest rate, as configured; it also decides when the camera stalls' }),
  input: nullable(InputStatusSchema, 'How the camera is read, and what it sends; null while it is not read, or if that is not known yet'),
  restarts: Type.Integer({ description: 'Attempts after the first' }),
  renditions: Type.Record(Type.String(), RenditionStatusSchema, { description: "By name; the fields beside this one are those of the camera's own picture" })
})
export type CameraStatus = Static<typeof CameraStatusSchema>

/** The status of a picture in this state, with what its publisher has counted. */
export function statusOf (state: State, publisher: Publisher, clock: Clock): RenditionStatus {
  const now = clock.now()
  const iso = isoBy(clock)
  const outage = outageOf(state)
  return {
    state: state.kind,
    since: iso(state.since),
    failure: outage && { code: outage.code, message: outage.message, since: iso(outage.since) },
    nextRetryAt: state.kind === 'waiting' ? iso(state.retryAt) : null,
    ...publisher.report(now),
    watching: publisher.hub.deliveries(now).map(({ from, since, fps, dropped, lagMs }) => ({ from, since: iso(since), fps, droppedTotal: dropped, lagMs }))
  }
}

/** Converts a time of the clock's `now()` to ISO 8601. */
export const isoBy = (clock: Clock) => (at: number): string => new Date(wallTimeOf(clock, at)).toISOString()
