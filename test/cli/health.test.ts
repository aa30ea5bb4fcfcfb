import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { isHealthy } from '../../src/cli/health.js'
import { certificate } from '../tls/certificates.js'

const pair = await certificate({ from: Date.now() })

/** Answers with this status and returns its port. */
async function serve (t: Test, status: number, create: (listener: RequestListener) => Server, host = '127.0.0.1'): Promise<number> {
  const server = create(({ url }, response) => {
    response.statusCode = url === '/health/ready' ? status : 404
    response.end()
  })
  await once(server.listen(0, host), 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
const plain = (listener: RequestListener) => createServer(listener)
const encrypted = (listener: RequestListener) => createTlsServer(pair, listener) as unknown as Server

t.test('camgate is healthy', async t => {
  t.test('if it answers that it takes viewers, by http or https', async t => {
    for (const create of [plain, encrypted]) {
      t.ok(await isHealthy('', await serve(t, 200, create)))
      t.notOk(await isHealthy('', await serve(t, 503, create)))
    }
  })
  t.test('wherever it listens on this machine', async t => {
    for (const host of ['127.0.0.2', 'localhost']) t.ok(await isHealthy(host, await serve(t, 200, encrypted, host)), host)
    for (const host of ['', '0.0.0.0']) t.ok(await isHealthy(host, await serve(t, 200, encrypted, '0.0.0.0')), host)
    const port = await serve(t, 200, encrypted, '::').catch(() => undefined)
    if (port !== undefined) t.ok(await isHealthy('::', port), '::')
  })
  t.test('not if nothing answers', async t => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await once(server.close(), 'close')
    t.notOk(await isHealthy('', port))
  })
})
