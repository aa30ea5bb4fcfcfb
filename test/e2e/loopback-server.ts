import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** Lets a web server listen until the test ends. Returns its port. For browsers, `localhost` is another site than 127.0.0.1. */
export async function listenOnLoopback (t: Test, server: Server, host: '127.0.0.1' | 'localhost' = '127.0.0.1'): Promise<number> {
  await once(server.listen(0, host), 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
