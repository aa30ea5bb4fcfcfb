import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { ask, connectHttp2 } from '../http2/client.js'
import { folderOf } from '../tls/certificates.js'
import { startService } from './service.js'
import { until } from './until.js'
import { visitors } from './visitor.js'

/** A service with cameras that run, by https, and its address. */
async function start (t: Test) {
  const folder = folderOf(t)
  const config = join(folder, 'cameras.yaml')
  writeFileSync(config, 'server: { tls: self-signed }\ncameras: { 1: { source: { type: simulated } }, 2: { source: { type: simulated } } }\n')
  const service = await startService(t, { config, env: { STATE_DIRECTORY: join(folder, 'state') } })
  const session = connectHttp2(t, service.url)
  await until('the cameras run', async () => {
    const { body } = await ask(session, '/status')
    return Object.values((JSON.parse(body.toString()) as { cameras: Record<string, { state: string }> }).cameras).every(({ state }) => state === 'running')
  }, 60_000)
  return { service, session }
}

/** How the answers to requests whose address contains `part` came. */
const protocols = (part: string) => `[...new Set(performance.getEntriesByType('resource').filter(({ name }) => name.includes('${part}')).map(({ nextHopProtocol }) => nextHopProtocol))].join()`
const SHOW = `(() => {
  const image = document.body.appendChild(new Image())
  image.id = 'stream'
  image.src = '/camera/1'
})()`

for (const [browser, [skip, open]] of Object.entries(visitors)) {
  t.test(`camgate's page in ${browser} comes by HTTP/2, and a stream is shown`, { skip, timeout: 120_000 }, async t => {
    const { service } = await start(t)
    const visitor = await open(t, [])
    await visitor.type(service.url)
    const live = 'document.querySelectorAll(".tile[data-picture=live]").length'
    await until('its tiles show pictures', async () => await visitor.evaluate(live) === 2, 30_000)
    t.equal(await visitor.evaluate(protocols('/status')), 'h2')
    await visitor.evaluate(SHOW)
    await until('the stream shows pictures', async () => Number(await visitor.evaluate("document.getElementById('stream').naturalWidth")) > 0, 20_000)
    await visitor.evaluate('performance.clearResourceTimings()')
    await until('the page goes on', async () => await visitor.evaluate(protocols('/status')) !== '', 20_000)
    t.comment(`after the stream, ${browser} asks for the status by ${await visitor.evaluate(protocols('/status'))}`)
  })
}

t.test('curl follows a stream to HTTP/1.1', { timeout: 60_000 }, async t => {
  const { service } = await start(t)
  const { stdout } = await promisify(execFile)('curl', ['-sk', '--max-time', '3', '-o', '/dev/null', '-w', '%{http_version} %{http_code} %{size_download}', `${service.url}camera/1`]).catch(error => error as { stdout: string })
  t.match(stdout, /^1\.1 200 \d{4,}/)
})

t.test('connections end within three seconds with the service', { timeout: 60_000 }, async t => {
  const { service, session } = await start(t)
  const stuck = session.request({ ':path': '/camera/1/snapshot' }).on('error', () => {})
  await once(stuck, 'response')
  const { code, ms } = await service.end()
  t.equal(code, 0)
  t.ok(ms < 3_000, `${ms} ms`)
})
