import { Type, type TSchema } from '@fastify/type-provider-typebox'

export const CameraParams = Type.Object({ id: Type.String({ description: 'The camera\'s id in cameras.yaml' }) })

export const Rendition = Type.Optional(Type.String({ description: 'The name of one of the camera\'s renditions, or auto: the one that the viewer\'s connection can carry; full, the camera\'s own picture, unless given' }))

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

export const Input = Type.Object({
  ingest: Type.Enum(['direct', 'ffmpeg'], { description: 'Who reads the camera: camgate itself, or ffmpeg, of which less is known' }),
  reason: nullable(Type.String(), 'Why ffmpeg reads it although camgate itself was to'),
  transport: nullable(Type.Enum(['tcp', 'udp', 'http', 'pipe']), 'How RTP travels; http or pipe where there is none'),
  copied: nullable(Type.Boolean(), 'Whether the camera\'s own JPEGs are handed on as they are; else pictures are encoded here'),
  codec: nullable(Type.String(), 'h264, h265, mjpeg, …'),
  profile: nullable(Type.String(), 'Of the codec, in words'),
  width: nullable(Type.Integer(), 'Pixels, as the camera sends them'),
  height: nullable(Type.Integer(), 'Pixels, as the camera sends them'),
  fps: nullable(Type.Number(), 'Pictures a second that the camera sends'),
  bitsPerSecond: nullable(Type.Integer(), 'That come from the camera, over some 5 seconds'),
  packetsLost: nullable(Type.Integer(), 'Since the connection began'),
  picturesDamaged: nullable(Type.Integer(), 'Pictures that lacked a part and were left out, and those that depend on something that was lost'),
  damaged: nullable(
    Type.Object({ since: Time, pictures: Type.Integer() }),
    'Pictures depend on something that was lost, up to the next clean one: since when, and how many so far'
  ),
  jitterMs: nullable(Type.Number(), 'How unevenly packets come (RFC 3550), in milliseconds'),
  decoder: nullable(Type.String(), 'What decodes them: software, vaapi, …; null where nothing does, because they are handed on as they are'),
  notes: Type.Array(Type.String(), { description: 'What is otherwise than configured, and why' }),
  cameraTime: nullable(Time, 'What the camera\'s own clock says'),
  overloaded: nullable(
    Type.Object({ since: Time, picturesDropped: Type.Integer() }),
    'This machine decodes less than the camera sends: pictures are left out, and fps of the camera is the rate reached'
  )
})

export const Failure = nullable(Type.Object({ code: Type.String(), message: Type.String(), since: Time }), 'Why there is no picture')
export const NextRetry = nullable(Time, 'When what waits is tried again')

/** What is told of a camera's picture, and of each of its renditions. */
const picture = {
  state: StateName,
  since: Time,
  failure: Failure,
  nextRetryAt: NextRetry,
  fps: Type.Number({ description: 'Frames a second over the last 5 seconds' }),
  frameAgeMs: nullable(Type.Integer(), 'Milliseconds since the newest frame came from the camera'),
  width: nullable(Type.Integer(), 'Pixels'),
  height: nullable(Type.Integer(), 'Pixels'),
  viewers: Type.Integer({ description: 'Streams and snapshots under way' }),
  watching: Type.Array(Viewer, { description: 'How each viewer of its stream fares' }),
  framesTotal: Type.Integer(),
  droppedTotal: Type.Integer({ description: 'Frames that a viewer skipped because its connection, or camgate itself, was busy' })
}

export const Camera = Type.Object({
  name: Type.String(),
  address: Type.String({ description: 'What is asked for pictures, without credentials: an address, a device, a file …' }),
  simulated: Type.Boolean({ description: 'camgate plays the camera itself' }),
  ...picture,
  fpsLimit: Type.Number({ description: 'The highest rate, as configured; a camera is taken to stall by it' }),
  input: nullable(Input, 'How the camera is read, and what it sends; null while it is not read, or that is not known yet'),
  restarts: Type.Integer({ description: 'Attempts after the first' }),
  renditions: Type.Record(Type.String(), Type.Object(picture), { description: 'By name; what stands beside this is of the camera\'s own picture' })
})

export const Service = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down'], {
    description: 'degraded: a camera that should run fails; down: all of them do'
  }),
  version: Type.String(),
  uptimeSeconds: Type.Integer(),
  cameras: Type.Record(Type.String(), Camera)
})
