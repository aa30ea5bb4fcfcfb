import { Type, type Static, type TInteger, type TNumber } from 'typebox'

const seconds = (description: string, minimum: number, maximum = 86_400) => Type.Number({ minimum, maximum, description })
const pixels = (minimum: number, description: string) => Type.Integer({ minimum, maximum: 2040, multipleOf: 8, description }) // RFC 2435's
const after = seconds('Seconds of good pictures before it happens.', 0)

const fault = <Kind extends string, Rest extends Record<string, TNumber | TInteger>>(
  kind: Kind, description: string, rest: Rest
) => Type.Object({ kind: Type.Literal(kind), ...rest }, { additionalProperties: false, description })

export const FaultSchema = Type.Union([
  fault('refuse', 'Nothing listens: the connection is refused.', {}),
  fault('silent', 'It takes the connection and never answers.', {}),
  fault('unauthorized', 'No password is the right one.', {}),
  fault('not-found', 'The path does not exist on the camera (404).', {}),
  fault('busy', 'It has no connection to spare (453).', {}),
  fault('stall', 'The pictures stop; the connection stays.', { after }),
  fault('cut', 'The connection ends in the middle of a packet.', { after }),
  fault('garbage', 'It sends bytes that are no pictures.', { after }),
  fault('corrupt', 'Some bytes of some pictures are wrong; the stream goes on.', {
    after, every: Type.Integer({ minimum: 1, maximum: 10_000, description: 'Every so many-th picture.' })
  }),
  fault('resize', 'The pictures change their size.', {
    after, width: pixels(256, 'The new width, in pixels.'), height: pixels(64, 'The new height, in pixels.')
  }),
  fault('codec', 'The connection ends, and from then on the camera offers the other codec.', { after }),
  fault('clock', 'Its clock, and with it the time of every picture, jumps ahead and back again, over and over.', {
    every: seconds('Seconds between two jumps.', 0.1),
    by: seconds('Seconds that it jumps.', 0.1, 20_000) // RTP's times are told apart within six hours
  }),
  fault('away', 'It goes away and comes back, over and over.', {
    up: seconds('Seconds there.', 0.1), down: seconds('Seconds away.', 0.1)
  })
], { description: 'What goes wrong with this simulated camera.' })

/** What a simulated camera does wrong; times in seconds, sizes in pixels. */
export type Fault = Static<typeof FaultSchema>

export const SimulatedSchema = Type.Object({
  type: Type.Literal('simulated'),
  codec: Type.Optional(Type.Union([Type.Literal('h264'), Type.Literal('h265'), Type.Literal('mjpeg')], {
    default: 'h264', description: 'What the camera sends.'
  })),
  auth: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('basic'), Type.Literal('digest')], {
    default: 'none', description: "How it asks for the camera's username and password."
  })),
  fault: Type.Optional(FaultSchema)
}, {
  additionalProperties: false,
  description: 'A camera that does not exist: camgate plays it itself, over real RTSP.'
})

type Written = Static<typeof SimulatedSchema>

/** At start-up it is replaced by an `rtsp` source that points at the simulator within the process. */
export type SimulatedSource = Written & Required<Pick<Written, 'codec' | 'auth'>>

export const settleSimulated = (written: Written): SimulatedSource => ({ codec: 'h264', auth: 'none', ...written })

export const simulatedLabel = ({ codec }: SimulatedSource): string => `simulated ${codec}`
