import { EventEmitter } from 'node:events'
import { ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { answerClientError, requestErrorOf } from '../client-errors.js'

/**
 * The upgrades to WebSockets of `server`, once they have been checked like any other request. Requests to upgrade to anything else are
 * answered as if they did not ask for it, and close the connection: curl offers HTTP/2 so.
 */
export function webSocketUpgrades (server: Server, answer: (request: IncomingMessage, response: ServerResponse) => void): EventEmitter {
  const upgrades = new EventEmitter()
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy()) // Node has removed its own listener
    const code = requestErrorOf(request)
    if (code) return answerClientError({ code }, socket)
    if (isAnswering(socket)) return socket.destroy() // it came before the answer to an earlier request
    if (/^websocket$/i.test(request.headers.upgrade ?? '')) return upgrades.emit('upgrade', request, socket, head)
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => { socket.end() })
    answer(request, response)
  })
  return upgrades
}

/** Node keeps the current response of a connection here. */
const isAnswering = (socket: Socket) => (socket as unknown as { _httpMessage?: unknown })._httpMessage != null
