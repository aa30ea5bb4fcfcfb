import { CamgateError } from '../errors.js'

/** Headers in the spelling and order in which they are sent. Several values become several lines. */
export type HeaderList = Readonly<Record<string, string | readonly string[]>>
export type Outgoing =
  | { method: string; url: string; headers: HeaderList; body?: string }
  | { status: number; headers: HeaderList; body?: string | Buffer }

/** The status codes of RFC 2326 section 7.1.1 that the simulator sends. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented'
}

/** Serializes an RTSP/1.0 message, with Content-Length; lines have one character per byte. Throws RTSP_SYNTAX for a value with a line break. */
export function serialize (message: Outgoing): Buffer {
  const body = typeof message.body === 'object' ? message.body : Buffer.from(message.body ?? '')
  const lines = ['method' in message
    ? `${message.method} ${message.url} RTSP/1.0`
    : `RTSP/1.0 ${message.status} ${REASONS[message.status] ?? 'Unknown'}`]
  for (const [name, values] of Object.entries(message.headers)) {
    for (const value of [values].flat()) lines.push(`${name}: ${value}`)
  }
  if (body.length > 0) lines.push(`Content-Length: ${body.length}`)
  if (lines.some(line => /[\r\n]/.test(line))) {
    throw new CamgateError('RTSP_SYNTAX', 'A line of an RTSP message must not hold a line break')
  }
  if (lines.some(line => /[^\0-\xff]/.test(line))) throw new CamgateError('RTSP_SYNTAX', 'A line of an RTSP message may contain only bytes')
  return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), body])
}

/** Frames an RTP or RTCP packet to be sent between messages (RFC 2326 section 10.12). */
export function interleave (channel: number, packet: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(4 + packet.length)
  framed.writeUInt8(0x24, 0)
  framed.writeUInt8(channel, 1)
  framed.writeUInt16BE(packet.length, 2)
  packet.copy(framed, 4)
  return framed
}
