import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Viewers } from '../viewers/viewers.js'
import { answerClientError, requestErrorOf } from './client-errors.js'

/** Unanswered requests per connection, including the current one. Browsers send one, programs that pipeline send a few. */
const MAX_UNANSWERED = 16

/**
 * Makes `server` answer the requests of a connection one at a time. Closes a connection that sends too many before it reads, or sends another
 * after a stream. By default, Node handles all requests it has read at once, up to 64 KiB, and keeps the responses in memory until they are read.
 */
export function answerInTurn (server: Server, viewers: Viewers): void {
  const handlers = server.listeners('request') as RequestListener[]
  const queues = new WeakMap<Socket, Array<() => void>>()
  const take = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const queue = queues.get(socket) ?? []
    queues.set(socket, queue)
    if (viewers.isStreaming(socket)) socket.destroy()
    if (socket.destroyed || socket.writableEnded) return // refused: the rest of the packet is ignored
    if (queue.length === MAX_UNANSWERED) return answerClientError({ code: 'TOO_MANY_UNANSWERED' }, socket)
    const answer = () => {
      const code = requestErrorOf(request)
      if (code) return answerClientError({ code }, socket)
      response.on('timeout', () => { if (socket.writableLength > 0) socket.destroy() }) // otherwise there is no response yet
      response.once('close', () => {
        queue.shift()
        if (socket.writable) queue[0]?.()
      })
      for (const handle of handlers) handle.call(server, request, response)
    }
    if (queue.push(answer) === 1) answer()
  }
  server.removeAllListeners('request')
  server.on('request', take)
  server.on('checkExpectation', take) // otherwise Node answers these itself, without a limit
}
