import { Type, type TSchema } from '@fastify/type-provider-typebox'

export const CameraParams = Type.Object({ id: Type.String({ description: 'The camera\'s id in cameras.yaml' }) })

/** What every error is answered with. */
export const Problem = Type.Object({
  statusCode: Type.Integer(),
  code: Type.String({ description: 'For programs: CAMERA_NOT_FOUND, NO_PICTURE, …' }),
  error: Type.String({ description: 'The status in words' }),
  message: Type.String({ description: 'For people: what happened and what to do' })
})

const nullable = <T extends TSchema>(type: T, description: string) => Type.Union([type, Type.Null()], { description })
const Time = Type.String({ description: 'ISO 8601' })

export const StateName = Type.Enum(
  ['stopped', 'idle', 'starting', 'running', 'waiting', 'stopping'],
  { description: 'stopped: by hand · idle: on demand, nobody watches · starting · running: pictures flow · waiting: for its next try · stopping' }
)

export const Viewer = Type.Object({
  from: Type.String({ description: 'Its address, the end left out' }),
  since: Time,
  fps: Type.Number({ description: 'Frames a second that it took, over the last 5 seconds' }),
  droppedTotal: Type.Integer({ description: 'Frames that it skipped because its connection, or camgate itself, was busy' }),
  lagMs: nullable(Type.Integer(), 'How old its newest frame was when its connection had taken it, in milliseconds')
})

export const Camera = Type.Object({
  name: Type.String(),
  state: StateName,
  since: Time,
  failure: nullable(Type.Object({ code: Type.String(), message: Type.String(), since: Time }), 'Why there is no picture'),
  nextRetryAt: nullable(Time, 'When a waiting camera is asked again'),
  fps: Type.Number({ description: 'Frames a second over the last 5 seconds' }),
  fpsLimit: Type.Number({ description: 'The highest rate, as configured; a camera is taken to stall by it' }),
  frameAgeMs: nullable(Type.Integer(), 'Milliseconds since the newest frame'),
  width: nullable(Type.Integer(), 'Pixels'),
  height: nullable(Type.Integer(), 'Pixels'),
  viewers: Type.Integer({ description: 'Streams and snapshots under way' }),
  watching: Type.Array(Viewer, { description: 'How each viewer of its stream fares' }),
  framesTotal: Type.Integer(),
  droppedTotal: Type.Integer({ description: 'Frames that a viewer skipped because its connection, or camgate itself, was busy' }),
  restarts: Type.Integer({ description: 'Attempts after the first' })
})

export const Service = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down'], {
    description: 'degraded: a camera that should run fails; down: all of them do'
  }),
  version: Type.String(),
  uptimeSeconds: Type.Integer(),
  cameras: Type.Record(Type.String(), Camera)
})
