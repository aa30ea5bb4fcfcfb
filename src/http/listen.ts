import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { limitUnsent } from '../viewers/linux-tcp.js'

/** Errors for addresses that this machine does not have, such as ::1 without IPv6. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

/** At least one. */
export type Addresses = readonly [first: string, ...others: string[]]

/**
 * Listens on all of these addresses. Fastify would create another HTTP server for each further one, without the limits of `app.server`. Here,
 * `app.server` handles every connection. An address that this machine lacks is left out, unless it is the first.
 */
export async function listen (app: FastifyInstance, [first, ...others]: Addresses, port: number): Promise<void> {
  await app.listen({ host: first, port })
  for (const address of others) await listenAlso(app.server, address)
}

/** The same for a server without Fastify. */
export async function listenPlainly (server: HttpServer, [first, ...others]: Addresses, port: number): Promise<void> {
  await once(server.listen({ host: first, port }), 'listening')
  for (const address of others) await listenAlso(server, address)
}

async function listenAlso (server: HttpServer, host: string): Promise<void> {
  const also = createServer({ allowHalfOpen: true, noDelay: true }, socket => server.emit('connection', socket)) // like http.Server
  server.once('close', () => {
    also.close()
    server.closeAllConnections()
  })
  try {
    await once(also.listen({ host, port: (server.address() as AddressInfo).port }), 'listening')
    limitUnsent(also)
  } catch (error) {
    if (!NO_SUCH_ADDRESS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
