import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { selfSigned } from './certificate.js'

/** TLS from the first byte on, as behind `rtsps:`, with a certificate that nobody vouches for, valid `from` then. */
export function encrypted (from: Date): (socket: Socket) => Socket {
  const secureContext = createSecureContext(selfSigned('camgate simulator', from))
  return socket => new TLSSocket(socket, { isServer: true, secureContext })
}
