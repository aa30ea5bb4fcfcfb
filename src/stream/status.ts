import { Type, type Static } from 'typebox'
import { InputStatusSchema } from '../capture/input.js'
import type { Clock } from '../clock.js'
import type { Delivery } from '../frames/subscriber.js'
import { IsoTime, nullable } from '../json-schema.js'
import type { State } from '../lifecycle/state.js'
import { isoBy, stateStatus, StateStatusSchema, type StateStatus } from '../lifecycle/status.js'
import { DecoderStatusSchema } from '../decoder/status.js'
import type { Publisher } from './publisher.js'

const ViewerStatusSchema = Type.Object({
  from: Type.String({ description: 'Its address, without the end' }),
  user: Type.Optional(Type.String({ description: 'Who it is, for administrators, where people log in' })),
  by: Type.Enum(['mjpeg', 'wall'], { description: 'mjpeg: a stream of its own · wall: a tile on a WebSocket' }),
  since: IsoTime,
  fps: Type.Number({ description: 'Frames a second that it received, over the last 5 seconds' }),
  droppedTotal: Type.Integer({ description: 'Frames that it skipped because its connection, or camgate itself, was busy' }),
  lagMs: nullable(Type.Integer(), 'How old its newest frame was when its connection had accepted all of it, in milliseconds'),
  shownAgeMs: nullable(Type.Integer(), 'How old its newest picture was when it was painted, in milliseconds; null if the viewer does not report that')
})

/** The picture of a camera, or one of its renditions. Contains no credentials. */
const RenditionStatusSchema = Type.Object({
  ...StateStatusSchema.properties,
  fps: Type.Number({ description: 'Frames a second over the last 5 seconds' }),
  frameAgeMs: nullable(Type.Integer(), 'Milliseconds since camgate had the newest frame; null before the first, and while none is made because nobody watches'),
  width: nullable(Type.Integer(), 'Pixels of the newest frame'),
  height: nullable(Type.Integer(), 'Pixels of the newest frame'),
  viewers: Type.Integer({ description: 'Streams and snapshots being sent' }),
  watching: Type.Array(ViewerStatusSchema, { description: 'The viewer of each stream' }),
  framesTotal: Type.Integer(),
  droppedTotal: Type.Integer({ description: 'Frames that some viewer skipped because its connection, or camgate itself, was busy' })
})
export type RenditionStatus = Static<typeof RenditionStatusSchema>

/** A camera's second address. */
const SubstreamStatusSchema = Type.Object({
  address: Type.String({ description: 'What is asked for it, without credentials' }),
  ...StateStatusSchema.properties,
  viewers: Type.Integer({ description: 'Tiles that show it' }),
  input: nullable(InputStatusSchema, 'How it is read, and what it sends; null while it is not read, or if that is not known yet'),
  restarts: Type.Integer({ description: 'Attempts after the first' })
})
export type SubstreamStatus = Static<typeof SubstreamStatusSchema>

export const CameraStatusSchema = Type.Object({
  name: Type.String(),
  address: Type.String({ description: 'What is asked for pictures, without credentials: an address, a device, a file …' }),
  simulated: Type.Boolean({ description: 'camgate plays the camera itself' }),
  ...RenditionStatusSchema.properties,
  fpsLimit: Type.Number({ description: 'The highest rate, as configured; it also decides when the camera stalls' }),
  onDemand: Type.Boolean({ description: 'It is connected only while somebody watches' }),
  input: nullable(InputStatusSchema, 'How the camera is read, and what it sends; null while it is not read, or if that is not known yet'),
  decoder: nullable(DecoderStatusSchema, "What makes JPEGs of what the camera sends; null if nothing has to, because the camera's own JPEGs are passed on, and while the camera is not read"),
  restarts: Type.Integer({ description: 'Attempts after the first' }),
  renditions: Type.Record(Type.String(), RenditionStatusSchema, { description: "By name; the fields beside this one are those of the camera's own picture" }),
  substream: nullable(SubstreamStatusSchema, "The camera's smaller stream, which is read only while it is shown; null if it has none"),
  ptz: nullable(Type.Enum(['unknown', 'yes', 'no']), 'Whether it can pan, tilt or zoom: unknown until somebody has asked for /ptz/ID; null if the configuration has no ONVIF address for it')
})
export type CameraStatus = Static<typeof CameraStatusSchema>

const { name, viewers, fps, frameAgeMs, restarts } = CameraStatusSchema.properties
/** What changes slowly, and is told now and then. */
const CameraFiguresSchema = Type.Object({ viewers, fps, frameAgeMs })
export type CameraFigures = Static<typeof CameraFiguresSchema>

/** The part of a camera's status that is told when it changes. Each field means the same as there. It is the same for everybody who may see the camera. */
export const CameraStateSchema = Type.Object({
  name,
  ...StateStatusSchema.properties,
  decoder: nullable(StateStatusSchema, 'As in /status, without what decodes and why'),
  restarts,
  ...CameraFiguresSchema.properties
})
export type CameraState = Static<typeof CameraStateSchema>

export const figuresOf = ({ viewers, fps, frameAgeMs }: CameraFigures): CameraFigures => ({ viewers, fps, frameAgeMs })

export function cameraStateOf ({ name, decoder, restarts, ...status }: CameraStatus): CameraState {
  return { name, ...namedStateOf(status), decoder: decoder && namedStateOf(decoder), restarts, ...figuresOf(status) }
}

const namedStateOf = ({ state, since, failure, nextRetryAt }: StateStatus): StateStatus => ({ state, since, failure, nextRetryAt })

/** The status of a picture in this state, with what its publisher has counted. While it is idle, no frame is expected, so none is old. */
export function statusOf (state: State, publisher: Publisher, clock: Clock): RenditionStatus {
  const now = clock.now()
  return {
    ...stateStatus(state, clock),
    ...publisher.report(now),
    ...state.kind === 'idle' && { frameAgeMs: null },
    watching: watching(publisher.hub, clock)
  }
}

/** The viewers of a hub as JSON. */
export function watching (hub: { deliveries (now: number): Delivery[] }, clock: Clock): RenditionStatus['watching'] {
  const iso = isoBy(clock)
  return hub.deliveries(clock.now()).map(({ user, since, dropped, ...delivery }) => ({ ...delivery, ...user !== undefined && { user }, since: iso(since), droppedTotal: dropped }))
}
