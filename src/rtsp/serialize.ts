import { CamgateError } from '../errors.js'

/** Headers as they are written: name and value in the given spelling and order; several values make several lines. */
export type HeaderList = Readonly<Record<string, string | readonly string[]>>
export type Outgoing =
  | { method: string; url: string; headers: HeaderList; body?: string }
  | { status: number; headers: HeaderList; body?: string | Buffer }

/** Status codes of RFC 2326 section 7.1.1, as far as a camera says them. */
const reasons: Readonly<Record<number, string>> = {
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

/** One RTSP/1.0 message, Content-Length included; its lines hold one character per byte. Throws RTSP_SYNTAX when a value would break out of its line. */
export function serialize (message: Outgoing): Buffer {
  const body = typeof message.body === 'object' ? message.body : Buffer.from(message.body ?? '')
  const lines = ['method' in message
    ? `${message.method} ${message.url} RTSP/1.0`
    : `RTSP/1.0 ${message.status} ${reasons[message.status] ?? 'Unknown'}`]
  for (const [name, values] of Object.entries(message.headers)) {
    for (const value of [values].flat()) lines.push(`${name}: ${value}`)
  }
  if (body.length > 0) lines.push(`Content-Length: ${body.length}`)
  if (lines.some(line => /[\r\n]/.test(line))) {
    throw new CamgateError('RTSP_SYNTAX', 'A line of an RTSP message must not hold a line break')
  }
  if (lines.some(line => /[^\0-\xff]/.test(line))) throw new CamgateError('RTSP_SYNTAX', 'A line of an RTSP message holds bytes alone')
  return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), body])
}

/** An RTP or RTCP packet framed to travel between the messages (RFC 2326 section 10.12). */
export function interleave (channel: number, packet: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(4 + packet.length)
  framed.writeUInt8(0x24, 0)
  framed.writeUInt8(channel, 1)
  framed.writeUInt16BE(packet.length, 2)
  packet.copy(framed, 4)
  return framed
}
