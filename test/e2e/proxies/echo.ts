import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Test } from 'tap'
import { listenOnLoopback } from '../loopback-server.js'

/** Stands in for camgate where a test needs to see what a proxy sends. It agrees to every upgrade. */
export interface Echo {
  readonly port: number
  readonly seen: Array<{ readonly url: string | undefined, readonly headers: IncomingHttpHeaders }>
}

export async function startEcho (t: Test): Promise<Echo> {
  const seen: Echo['seen'] = []
  const server = createServer((_request, response) => response.writeHead(500).end())
  server.on('upgrade', ({ url, headers }, socket) => {
    seen.push({ url, headers })
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64') // RFC 6455, section 4.2.2; HAProxy checks it
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
  })
  return { port: await listenOnLoopback(t, server), seen }
}
