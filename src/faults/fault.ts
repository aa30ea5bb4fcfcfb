import { Type, type Static, type TInteger, type TNumber } from 'typebox'

const MAX_SECONDS = 86_400
/** RTP timestamps further apart than six hours are ambiguous. */
const MAX_CLOCK_JUMP_SECONDS = 20_000

const seconds = (description: string, minimum: number, maximum = MAX_SECONDS) => Type.Number({ minimum, maximum, description })
const pixels = (minimum: number, description: string) => Type.Integer({ minimum, maximum: 2040, multipleOf: 8, description }) // RFC 2435's limits
const after = seconds('Seconds of good pictures before it happens.', 0)

const fault = <Kind extends string, Parameters extends Record<string, TNumber | TInteger>>(
  kind: Kind, description: string, parameters: Parameters
) => Type.Object({ kind: Type.Literal(kind), ...parameters }, { additionalProperties: false, description })

export const FaultSchema = Type.Union([
  fault('refuse', 'Nothing listens: the connection is refused.', {}),
  fault('silent', 'It accepts the connection and never answers.', {}),
  fault('unauthorized', 'No password is right.', {}),
  fault('not-found', 'The path does not exist on the camera (404).', {}),
  fault('busy', 'It has no connection to spare (453).', {}),
  fault('stall', 'The pictures stop; the connection stays.', { after }),
  fault('cut', 'The connection ends in the middle of a packet.', { after }),
  fault('garbage', 'It sends bytes that are not pictures.', { after }),
  fault('corrupt', 'Some bytes of some pictures are wrong; the stream goes on.', {
    after, every: Type.Integer({ minimum: 1, maximum: 10_000, description: 'One picture in this many.' })
  }),
  fault('resize', 'The pictures change their size.', {
    after, width: pixels(256, 'The new width, in pixels.'), height: pixels(64, 'The new height, in pixels.')
  }),
  fault('codec', 'The connection ends, and from then on the camera offers the other codec.', { after }),
  fault('clock', 'Its clock, and with it the time of every picture, jumps ahead and back again, over and over.', {
    every: seconds('Seconds between two jumps.', 0.1),
    by: seconds('Seconds that it jumps.', 0.1, MAX_CLOCK_JUMP_SECONDS)
  }),
  fault('away', 'It goes away and comes back, over and over.', {
    up: seconds('Seconds there.', 0.1), down: seconds('Seconds away.', 0.1)
  })
], { description: 'What goes wrong with this simulated camera.' })

/** What a simulated camera does wrong. Times are in seconds, sizes in pixels. */
export type Fault = Static<typeof FaultSchema>

export type PictureFault = 'stall' | 'cut' | 'garbage' | 'corrupt' | 'resize' | 'codec'

/** What the fault does to picture `index` of a client that has received pictures for `seconds`. */
export function pictureFaultAfter (fault: Fault | null, seconds: number, index: number): PictureFault | null {
  switch (fault?.kind) {
    case 'stall':
    case 'cut':
    case 'garbage':
    case 'resize':
    case 'codec': return seconds >= fault.after ? fault.kind : null
    case 'corrupt': return seconds >= fault.after && index % fault.every === 0 ? fault.kind : null
    default: return null
  }
}

/** By how many seconds the camera's clock is ahead, for a client that has received pictures for `seconds`. */
export const clockError = (fault: Fault | null, seconds: number): number =>
  fault?.kind === 'clock' && Math.floor(seconds / fault.every) % 2 === 1 ? fault.by : 0

/** The error status of a faulty camera's response to a method, RFC 2326 section 7.1.1; null for a normal response. */
export function refusalOf (fault: Fault | null, method: string): 401 | 404 | 453 | null {
  switch (fault?.kind) {
    case 'unauthorized': return 401
    case 'not-found': return 404
    case 'busy': return method === 'SETUP' ? 453 : null
    default: return null
  }
}
