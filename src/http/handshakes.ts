import type { Server, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../clock.js'

/** Node's own limit starts again with every byte that comes. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/**
 * Closes connections whose TLS handshake is not complete in time, and those whose client leaves in the middle of it. Returns a function that
 * closes the others, too, for when the server closes: `closeAllConnections` does not know them.
 */
export function limitHandshakes (server: Server, clock: Clock): () => void {
  const cancels = new Map<Socket, () => void>()
  let isClosing = false
  const done = (socket: Socket) => {
    cancels.get(socket)?.()
    cancels.delete(socket)
  }
  server.prependListener('connection', (socket: Socket) => {
    socket.allowHalfOpen = false // TLS takes it over
    cancels.set(socket, clock.after(HANDSHAKE_TIMEOUT_MS, () => socket.destroy()))
    socket.once('close', () => done(socket))
    if (isClosing) socket.destroy()
  })
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    socket.allowHalfOpen = true // as http.Server does: see httpAllowHalfOpen in app.ts
    done(underTls(socket))
  })
  return () => {
    isClosing = true
    for (const socket of cancels.keys()) socket.destroy()
  }
}

/** The TCP connection that carries TLS. Node has no public name for it. */
export const underTls = (socket: Socket): Socket => (socket as { _parent?: Socket })._parent ?? socket
