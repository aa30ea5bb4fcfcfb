import { once } from 'node:events'
import { request, type OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { Test } from 'tap'
import { hashPassword } from '../../../src/logins/password.js'
import { secret } from '../credentials.js'
import { startService, type ServiceStatus } from '../service.js'
import { until } from '../until.js'

export const FPS = 5
export const password = secret('Anna\'s')

/** Anna sees camera 1; whoever is only known to the proxy sees camera 2. Small pictures, which fit into the buffers of a proxy. */
const yaml = `
server:
  auth:
    users:
      anna: { password: '\${ANNA}', right: control, cameras: [1] }
      boss: { right: admin }
    proxy: { header: X-Forwarded-User, right: view, cameras: [2] }
  trustProxy: [127.0.0.1]
  hosts: [cameras.example.org, www.example.org]
defaults: { fps: ${FPS}, width: 128, quality: 20, decode: always }
cameras: { 1: { source: { type: simulated } }, 2: { source: { type: simulated } } }
`

/** Asks camgate itself, without a proxy, from this address. */
export async function direct (url: string, from: string, headers: OutgoingHttpHeaders): Promise<{ status: number, body: unknown }> {
  const asked = request(url, { localAddress: from, agent: false, headers }).end()
  const [answer] = await once(asked, 'response')
  return { status: answer.statusCode, body: await json(answer) }
}

/** camgate with a login, both cameras running, that trusts the proxies of 127.0.0.1. */
export async function startGuarded (t: Test) {
  const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': yaml }), 'cameras.yaml'), env: { ANNA: await hashPassword(password) } })
  /** As a proxy asks for an administrator. */
  const status = async () => (await direct(`${service.url}status`, '127.0.0.1', { 'X-Forwarded-User': 'boss' })).body as ServiceStatus
  const running = async (id: string) => (await status()).cameras[id]?.state === 'running'
  await until('both cameras run', async () => await running('1') && await running('2'), 60_000)
  return { url: service.url, port: Number(new URL(service.url).port), status, running }
}
