import { EventEmitter } from 'node:events'
import { ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { answerClientError, requestErrorOf } from '../client-errors.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Emits the requests to upgrade to a WebSocket at `path`, checked like any other request. To Node, a server that takes one upgrade takes them all: the
 * others are answered as if they had not asked for it (curl offers HTTP/2 so), and their connections are closed.
 */
export function webSocketUpgrades (server: Server, answer: Answer, path: string): EventEmitter {
  const upgrades = new EventEmitter()
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy()) // Node has removed its own listener
    const code = requestErrorOf(request)
    if (code) answerClientError({ code }, socket)
    else if (responseOn(socket)) socket.destroy() // sent before the answer to an earlier request
    else {
      const isOurs = /^websocket$/i.test(request.headers.upgrade ?? '') && pathOf(request) === path
      if (isOurs) upgrades.emit('upgrade', request, socket, head)
      else answerPlainly(request, socket, answer)
      closeAfterAnswer(socket)
    }
  })
  return upgrades
}

function answerPlainly (request: IncomingMessage, socket: Socket, answer: Answer): void {
  const response = new ServerResponse(request)
  response.assignSocket(socket)
  socket.on('timeout', () => { if (!response.emit('timeout', socket)) socket.destroy() }) // as Node does, which has removed its own listener
  socket.resume() // else its end would not be noticed
  answer(request, response)
}

/** A request that is refused is answered without the upgrade: Node reads no other one on its connection. */
function closeAfterAnswer (socket: Socket): void {
  const response = responseOn(socket)
  if (!response) return
  response.shouldKeepAlive = false
  response.once('finish', () => { socket.end(() => socket.destroy()) })
}

/** As the router reads it: without a slash at the end, and without double ones. */
const pathOf = ({ url = '' }: IncomingMessage): string => url.replace(/\?.*/s, '').replace(/\/+/g, '/').replace(/(.)\/$/, '$1')

/** The response that is being sent on a connection. Node keeps it here. */
const responseOn = (socket: Socket) => (socket as unknown as { readonly _httpMessage?: ServerResponse | null })._httpMessage
