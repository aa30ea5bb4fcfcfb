import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../clock.js'
import { Connection } from './connection.js'

/** What https offers by ALPN, the better one first. */
export const ALPN_PROTOCOLS = ['h2', 'http/1.1']

/** Requests of one connection at a time; more than a page with 64 cameras sends. */
const MAX_CONCURRENT_REQUESTS = 100
/** As Node's for HTTP/1.1. */
const MAX_HEADER_BYTES = 16 * 1024

/**
 * Lets `server` speak HTTP/2 with the clients that choose it. `answer` gets their requests in the form of HTTP/1.1's. `closeIdleConnections` and
 * `closeAllConnections` then close these connections too.
 */
export function speakHttp2 (server: Server, answer: (request: IncomingMessage, response: ServerResponse) => void, clock: Clock): void {
  const connections = new Set<Connection>()
  const http2 = createServer({ settings: { maxConcurrentStreams: MAX_CONCURRENT_REQUESTS, maxHeaderListSize: MAX_HEADER_BYTES } })
  const take = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const { headers, authority } = request
    if (headers.host !== undefined && headers.host !== authority) return request.stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
    headers.host = authority // whatever asks for the name of the service finds it where HTTP/1.1 has it
    answer(request as unknown as IncomingMessage, response as unknown as ServerResponse)
  }
  http2.on('request', take)
  http2.on('checkExpectation', take)

  const overHttp1 = server.listeners('secureConnection') as Array<(socket: TLSSocket) => void>
  server.removeAllListeners('secureConnection')
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') {
      for (const serve of overHttp1) serve.call(server, socket)
      return
    }
    socket.allowHalfOpen = false
    http2.once('session', session => {
      const connection = new Connection(session, socket, clock)
      connections.add(connection)
      socket.once('close', () => connections.delete(connection))
    })
    http2.emit('connection', socket)
  })
  const [closeIdle, closeAll] = [server.closeIdleConnections.bind(server), server.closeAllConnections.bind(server)]
  server.closeIdleConnections = () => {
    closeIdle()
    for (const connection of connections) if (connection.isIdle) connection.end()
  }
  server.closeAllConnections = () => {
    closeAll()
    for (const connection of connections) connection.end()
  }
}
