import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Test } from 'tap'

/** Lets a server listen until the test ends, which closes its connections, too. Returns its port. For browsers, `localhost` is another site than 127.0.0.1. */
export async function listenOnLoopback (t: Test, server: Server, host: '127.0.0.1' | 'localhost' = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => sockets.add(socket))
  await once(server.listen(0, host), 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}
