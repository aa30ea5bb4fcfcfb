import { CamgateError } from '../errors.js'
import type { Headers, Protocol } from '../rtsp/head.js'

const usual = {
  RTSP: { port: 554, hint: 'RTSP is mostly at port 554' },
  HTTP: { port: 80, hint: 'a camera\'s pages are mostly at port 80' }
}
const RTSP_PORTS = [554, 8554]

/** Another protocol answers than was asked for. `spoken` is undefined if it is none that camgate knows. */
export class WrongProtocol extends CamgateError {
  readonly spoken: Protocol | 'TLS' | undefined

  constructor (message: string, spoken?: Protocol | 'TLS') {
    super('WRONG_PROTOCOL', message)
    this.spoken = spoken
  }
}

/** A page without a head: HTTP/0.9, which some servers send in answer to anything but HTTP. */
const PAGE = /^\s*<(!doctype|html)/i

/** WRONG_PROTOCOL if the first bytes from a port belong to another protocol than `wanted`; undefined if they do not show which. */
export function wrongProtocol (bytes: Buffer, wanted: Protocol, port: number, tls = false): WrongProtocol | undefined {
  const start = bytes.toString('latin1', 0, 8)
  const other = wanted === 'RTSP' ? 'HTTP' : 'RTSP'
  if (start.startsWith(`${other}/`) || (wanted === 'RTSP' && PAGE.test(bytes.toString('latin1', 0, 64)))) return speaks(other, wanted, port)
  if (!tls && (bytes[0] === 21 || bytes[0] === 22) && bytes[1] === 3) { // an alert or a handshake, RFC 8446 section 5.1
    const scheme = wanted === 'RTSP' ? 'rtsps' : 'https'
    return new WrongProtocol(`What answers at port ${port} speaks TLS. Write ${scheme}://, or another port.`, 'TLS')
  }
  return undefined
}

/** For a server that sends something that is not RTSP and closes the connection: SSH, for instance. */
export const noRtsp = (port: number) => new WrongProtocol(`What answers at port ${port} does not speak RTSP. Correct the port.`)

/** WRONG_PROTOCOL if an RTSP server sent this HTTP answer. RTSP servers answer GET, which may begin a tunnel, in various ways. */
export function rtspBehindHttp (status: number, headers: Headers, port: number): WrongProtocol | undefined {
  const names = ['server', 'public'].flatMap(name => headers.get(name) ?? []).join(' ')
  const byName = headers.has('cseq') || /rtsp|\bDESCRIBE\b/i.test(names)
  const byPort = RTSP_PORTS.includes(port) && [400, 404, 405, 501, 503].includes(status)
  return byName || byPort ? speaks('RTSP', 'HTTP', port) : undefined
}

/** The sentence omits the hint at the protocol's usual port if that is the port in use. */
function speaks (spoken: Protocol, wanted: Protocol, port: number): WrongProtocol {
  const { port: usualPort, hint } = usual[wanted]
  const where = port === usualPort ? '' : `; ${hint}`
  return new WrongProtocol(`What answers at port ${port} speaks ${spoken}, not ${wanted}${where}. Correct the port, or write ${spoken.toLowerCase()}://.`, spoken)
}
