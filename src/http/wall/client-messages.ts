import Compile from 'typebox/compile'
import { Type, type TSchema } from 'typebox'
import { CamgateError } from '../../errors.js'
import type { ClientMessage } from '../../wire/messages.js'

const TileId = Type.Integer({ minimum: 0, maximum: 0xffff })
const TileIds = Type.Object({ op: Type.String(), ids: Type.Array(TileId, { maxItems: 256 }) })
const Camera = Type.String({ maxLength: 256 })
const Pixels = Type.Number({ minimum: 1, maximum: 32_768 })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const schemas: Readonly<Record<ClientMessage['op'], TSchema>> = {
  tile: Type.Object({
    op: Type.String(),
    id: TileId,
    camera: Camera,
    width: Pixels,
    height: Pixels,
    fps: Type.Optional(Type.Number({ minimum: 0.001, maximum: 60 })),
    accept: Type.Array(Type.Enum(['h264', 'h265', 'jpeg']), { maxItems: 3 }),
    priority: Type.Number({ minimum: -1_000_000, maximum: 1_000_000 }),
    hidden: Type.Optional(Type.Boolean())
  }),
  show: TileIds,
  hide: TileIds,
  close: TileIds,
  credit: Type.Object({ op: Type.String(), bytes: Count }),
  shown: Type.Object({ op: Type.String(), id: TileId, seq: Count, ageMs: Type.Number({ minimum: -1e9, maximum: 1e9 }) }),
  clock: Type.Object({ op: Type.String(), sent: Type.Number() }),
  command: Type.Object({ op: Type.String(), nr: Count, verb: Type.Enum(['start', 'stop', 'restart']), camera: Camera })
}
const validators = new Map(Object.entries(schemas).map(([op, schema]) => [op, Compile(schema)]))

/** @throws {CamgateError} BAD_REQUEST: it is no message of camgate.wall.1 */
export function readClientMessage (text: string): ClientMessage {
  const message = parse(text)
  const op = message !== null && typeof message === 'object' && 'op' in message ? message.op : undefined
  const validator = typeof op === 'string' ? validators.get(op) : undefined
  if (!validator) throw bad(`a message is a JSON object whose op is one of ${[...validators.keys()].join(', ')}`)
  if (validator.Check(message)) return message as ClientMessage
  const [error] = validator.Errors(message)
  throw bad(`${String(op)}${error?.instancePath ?? ''} ${error?.message ?? 'is wrong'}`)
}

/** Opens or closes a stream, or may: as much work as so many credits. */
const STREAM_COST = 4

/** How much work a message is, in credits. */
export function costOf (message: ClientMessage): number {
  if ('ids' in message) return 1 + STREAM_COST * message.ids.length
  return message.op === 'tile' || message.op === 'command' ? STREAM_COST : 1
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw bad('a message is JSON')
  }
}

const bad = (reason: string) => new CamgateError('BAD_REQUEST', `This is no message of camgate.wall.1: ${reason}.`)
