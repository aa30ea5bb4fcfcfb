import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { until } from './until.js'

/**
 * A port of 127.0.0.1 that nothing listens on. It is below those that the system itself gives to connections and servers (from 32768 on): one of another
 * test would get the port before whoever asked for it uses it.
 */
export async function freePort (): Promise<number> {
  for (;;) {
    const port = randomInt(10_240, 32_768)
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue
    }
    await new Promise(resolve => { server.close(resolve) })
    return port
  }
}

/** Resolves when something listens on the port. */
export const listens = (port: number): Promise<void> => until(`port ${port} is open`, () => new Promise<boolean>(resolve => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true) }).on('error', () => resolve(false))
}))
