import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { limitUnsent } from '../viewers/linux-tcp.js'

/** Errors for addresses that this machine does not have, such as ::1 without IPv6. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

/**
 * Listens on `host`; for `localhost`, on all of its addresses, because browsers try ::1 first. Fastify would create another HTTP server
 * for each further address, without the limits of `app.server`. Here, `app.server` handles every connection.
 */
export async function listen (app: FastifyInstance, { host, port }: { host: string, port: number }, addressesOf = addressesOfName): Promise<void> {
  const [first = host, ...others] = await addressesFor(host, addressesOf)
  await app.listen({ host: first, port })
  for (const address of others) await listenAlso(app.server, address)
}

/** The same for a server without Fastify. */
export async function listenPlainly (server: HttpServer, { host, port }: { host: string, port: number }, addressesOf = addressesOfName): Promise<void> {
  const [first = host, ...others] = await addressesFor(host, addressesOf)
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

const addressesFor = async (host: string, addressesOf: typeof addressesOfName) => host === 'localhost' ? await addressesOf(host) : [host]

const addressesOfName = async (name: string) => [...new Set((await lookup(name, { all: true })).map(({ address }) => address))]
