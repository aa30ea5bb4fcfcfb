import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answerClientError, faultOf } from './client-errors.js'

/** Requests of one connection that may be unanswered, the one under way among them. Browsers send one, programs that pipeline a few. */
const MOST_UNANSWERED = 16

/**
 * Makes `server` answer the requests of a connection one at a time, and end a connection that sends too many before it reads. Node hands on
 * all that it has read at once, up to 64 KiB, and keeps the answers in memory for as long as nobody takes them.
 */
export function answerInTurn (server: Server): void {
  const handlers = server.listeners('request') as RequestListener[]
  const turns = new WeakMap<Socket, Array<() => void>>()
  const take = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const waiting = turns.get(socket) ?? []
    turns.set(socket, waiting)
    if (socket.writableEnded) return // refused: what else came in the same packet is not looked at
    if (waiting.length === MOST_UNANSWERED) return answerClientError({ code: 'TOO_MANY_UNANSWERED' }, socket)
    const answer = () => {
      const code = faultOf(request)
      if (code) return answerClientError({ code }, socket)
      response.on('timeout', () => { if (socket.writableLength > 0) socket.destroy() }) // else we have not answered yet
      response.once('close', () => {
        waiting.shift()
        if (socket.writable) waiting[0]?.()
      })
      for (const handle of handlers) handle.call(server, request, response)
    }
    if (waiting.push(answer) === 1) answer()
  }
  server.removeAllListeners('request')
  server.on('request', take)
  server.on('checkExpectation', take) // else Node answers those itself, as many as come
}
