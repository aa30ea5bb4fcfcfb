import { CamgateError } from '../errors.js'
import type { Headers, Protocol } from '../rtsp/head.js'

const usual = {
  RTSP: { port: 554, said: 'RTSP is mostly at port 554' },
  HTTP: { port: 80, said: 'a camera\'s pages are mostly at port 80' }
}
/** Where RTSP servers listen. */
const RTSP_PORTS = [554, 8554]

/** A page without a head before it: HTTP/0.9, as some servers answer what is no HTTP. */
const PAGE = /^\s*<(!doctype|html)/i

/** What the first bytes that come from a port show, where that is not what was asked for: WRONG_PROTOCOL, with a sentence. Undefined while they show nothing. */
export function wrongProtocol (bytes: Buffer, wanted: Protocol, port: number, tls = false): CamgateError | undefined {
  const start = bytes.toString('latin1', 0, 8)
  const other = wanted === 'RTSP' ? 'HTTP' : 'RTSP'
  if (start.startsWith(`${other}/`) || (wanted === 'RTSP' && PAGE.test(bytes.toString('latin1', 0, 64)))) return speaks(other, wanted, port)
  if (!tls && (bytes[0] === 21 || bytes[0] === 22) && bytes[1] === 3) { // an alert or a handshake, RFC 8446 section 5.1
    const scheme = wanted === 'RTSP' ? 'rtsps' : 'https'
    return new CamgateError('WRONG_PROTOCOL', `What answers at port ${port} speaks TLS. Write ${scheme}://, or another port.`)
  }
  return undefined
}

/** For what says something, and nothing of RTSP, until it ends the connection: SSH, for instance. */
export const noRtsp = (port: number) => new CamgateError('WRONG_PROTOCOL', `What answers at port ${port} does not speak RTSP. Correct the port.`)

/** The same for an answer that is HTTP, but by an RTSP server: those answer GET, which may begin a tunnel, as they like. */
export function rtspBehindHttp (status: number, headers: Headers, port: number): CamgateError | undefined {
  const names = ['server', 'public'].flatMap(name => headers.get(name) ?? []).join(' ')
  const byName = headers.has('cseq') || /rtsp|\bDESCRIBE\b/i.test(names)
  const byPort = RTSP_PORTS.includes(port) && [400, 404, 405, 501, 503].includes(status)
  return byName || byPort ? speaks('RTSP', 'HTTP', port) : undefined
}

/** Whoever asks at the usual port is not told where the usual port is. */
function speaks (spoken: Protocol, wanted: Protocol, port: number): CamgateError {
  const { port: usualPort, said } = usual[wanted]
  const where = port === usualPort ? '' : `; ${said}`
  return new CamgateError('WRONG_PROTOCOL', `What answers at port ${port} speaks ${spoken}, not ${wanted}${where}. Correct the port, or write ${spoken.toLowerCase()}://.`)
}
