import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { until } from './until.js'

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}

/** Resolves when something listens on the port. */
export const listens = (port: number): Promise<void> => until(`port ${port} is open`, () => new Promise<boolean>(resolve => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true) }).on('error', () => resolve(false))
}))
