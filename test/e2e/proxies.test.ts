import type { OutgoingHttpHeaders } from 'node:http'
import t from 'tap'
import { basicAuth } from '../passwords.js'
import { NAMELESS, REFUSED, startApplication } from './proxies/application.js'
import { startEcho } from './proxies/echo.js'
import { direct, FPS, password, startGuarded } from './proxies/guarded.js'
import { ODD_PATHS } from './proxies/odd-paths.js'
import { missing, OUTSIDE, Proxy, type Answer } from './proxies/proxy.js'
import { samples, type Place } from './proxies/samples.js'
import type { ServiceStatus } from './service.js'
import { until } from './until.js'

/** A proxy that waits for the next picture would make each one older by the time between two. */
const MAX_AGE_MS = 1000 / FPS / 2
const PICTURES = 12

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!

t.test('camgate behind a proxy', { timeout: 170_000 }, async t => {
  const camgate = await startGuarded(t)
  const { status: statusOf, running } = camgate
  const application = await startApplication(t)
  const echo = await startEcho(t)
  const ports = { camgate: camgate.port, application: application.port }

  t.test('without one, the headers of a proxy mean nothing', async t => {
    for (const path of ['status', 'camera/1/snapshot', 'camera/1']) {
      for (const headers of [{}, { 'X-Forwarded-For': '127.0.0.1' }]) {
        const { status } = await direct(camgate.url + path, OUTSIDE, { 'X-Forwarded-User': 'boss', ...headers })
        t.equal(status, 401, path)
      }
    }
  })

  for (const [name, sample] of Object.entries(samples)) {
    for (const place of ['root', 'path'] as const satisfies Place[]) {
      t.test(`${name} at a ${place}`, { skip: missing(sample) }, async t => {
        const proxy = await Proxy.start(t, name, place, ports)
        const anna: Readonly<Record<string, string>> = sample.asksApplication ? { Cookie: 'session=anna' } : { Authorization: basicAuth('anna', password) }
        const login = (user: string) => ({ Cookie: `session=${user}` })
        const origin = `https://${proxy.host}`
        const ask = (path: string, headers: OutgoingHttpHeaders = {}, method = 'GET') => proxy.ask(path, { method, headers: { ...anna, ...headers } })

        t.test('shows the page and its pictures', async t => {
          const page = await ask('/')
          t.match(page, { status: 200, headers: { 'content-type': /^text\/html/ } })
          const [, script] = /src="([\w./-]+\.js)"/.exec(page.body) ?? []
          t.match(await ask(`/${script}`), { status: 200, headers: { 'content-type': /javascript/ } })
          const snapshot = await ask('/camera/1/snapshot')
          t.match(snapshot, { status: 200, headers: { 'content-type': 'image/jpeg' } })
          t.equal(snapshot.body.slice(0, 2), '\xff\xd8')
        })

        t.test('passes a stream on as it comes, from the viewer\'s address', async t => {
          const viewer = proxy.watch(t, '/camera/1', { ...anna, 'X-Forwarded-For': '203.0.113.9' })
          const ages: number[] = []
          viewer.socket.on('data', () => { for (const { timestamp } of viewer.parts.slice(ages.length)) ages.push(Date.now() - timestamp) })
          await until('pictures come', () => ages.length >= PICTURES, 20_000)
          t.ok(median(ages.slice(1)) < MAX_AGE_MS, `the pictures are ${ages} ms old`)
          t.same(viewer.faults, [])
          const { watching } = (await statusOf()).cameras['1']!
          t.same(watching.map(({ from }) => from), [OUTSIDE.replace(/\d+$/, 'x')])
          await viewer.leave()
          await until('camgate knows that the viewer has left', async () => (await statusOf()).cameras['1']!.watching.length === 0)
        })

        t.test('lets only its own pages stop a camera', async t => {
          for (const [from, site, status] of [['https://evil.example.org', 'cross-site', 403], [origin, 'same-origin', 200]] as const) {
            t.equal((await ask('/stop/1', { Origin: from, 'Sec-Fetch-Site': site }, 'POST')).status, status, from)
            t.equal(await running('1'), status === 403)
          }
          const port = ':8443'
          t.equal((await ask('/start/1', { Host: proxy.host + port, Origin: origin + port }, 'POST')).status, 200, 'at another port, without Sec-Fetch-Site')
          t.equal((await ask('/stop/1', { Host: proxy.host + port, Origin: origin }, 'POST')).status, 403, 'another port is another origin')
          await until('the camera runs', () => running('1'))
        })

        if (!sample.asksApplication) {
          t.test('carries the login of camgate\'s own page', async t => {
            const login = await ask('/session', { Origin: origin }, 'POST')
            const [cookie = ''] = login.headers['set-cookie'] ?? []
            t.match(cookie, /; Secure/, 'for https alone, although the proxy speaks http to camgate')
            t.same(camerasIn(await proxy.ask('/status', { headers: { Cookie: cookie.split(';')[0] } })), ['1'])
          })
        }

        t.test('does not let a client say who it is, or where', async t => {
          const forged = { 'X-Forwarded-User': 'boss', 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1' }
          for (const path of ['/status', '/camera/1/snapshot', '/camera/1']) t.equal((await proxy.ask(path, { headers: forged })).status, 401, path)
          t.same(camerasIn(await ask('/status', forged)), ['1'], 'Anna sees her camera')
          t.equal((await ask('/camera/2/snapshot', forged)).status, 404)
          if (!sample.asksApplication) return
          t.same(camerasIn(await proxy.ask('/status', { headers: login('ben') })), ['2'], 'Ben is not among the users')
          t.equal((await proxy.ask('/status', { headers: { ...login(REFUSED), ...forged } })).status, 403)
          t.equal((await proxy.ask('/status', { headers: { ...login(NAMELESS), ...forged } })).status, 401, 'nobody is named')
        })

        t.test('does not let a client say under which name it asks', async t => {
          const evil = { Host: 'evil.example.org', 'X-Forwarded-Host': proxy.host, Origin: origin }
          const answer = await ask('/status', evil)
          t.notOk(answer.status === 200 && answer.body.includes('"cameras"'), 'a rebound name reads nothing')
          await ask('/stop/1', evil, 'POST')
          t.ok(await running('1'), 'and stops nothing')
          t.equal((await ask('/stop/1', { Origin: 'https://evil.example.org', 'X-Forwarded-Host': 'evil.example.org' }, 'POST')).status, 403)
          t.equal((await ask('/status', { 'X-Forwarded-Host': 'evil.example.org', 'X-Forwarded-Proto': 'http' })).status, 200)
          t.ok(await running('1'))
        })

        t.test('reads no path in another way than camgate', async t => {
          const leaks: string[] = []
          for (const path of ODD_PATHS) {
            for (const method of ['GET', 'POST']) {
              const answer = await proxy.ask(path, { method })
              if (reveals(answer) || (sample.asksApplication && answer.headers['content-security-policy'])) leaks.push(`nobody, ${method} ${path}`)
              if (reveals(await ask(path, {}, method))) leaks.push(`Anna, ${method} ${path}`)
            }
          }
          t.same(leaks, [])
          t.ok(await running('2'))
        })

        if (place === 'path') {
          t.test('redirects from the path without its slash, and leaves the rest alone', async t => {
            const bare = new Proxy(proxy.host, proxy.port, '')
            t.match(await bare.ask('/camgate', { headers: anna }), { status: /^30[12]$/, headers: { location: /^\/camgate\/$/ } })
          })
        }

        t.test('passes WebSockets on', async t => {
          const before = await Proxy.start(t, name, place, { ...ports, camgate: echo.port })
          t.match(await before.upgrade('/wall', { ...anna, 'X-Forwarded-For': '203.0.113.9' }), { connection: /upgrade/i, upgrade: 'websocket' })
          t.match(echo.seen.at(-1), {
            url: '/wall',
            headers: {
              connection: /^upgrade$/i,
              upgrade: 'websocket',
              'sec-websocket-version': '13',
              'sec-websocket-protocol': 'camgate.wall.1',
              host: before.host,
              'x-forwarded-host': before.host,
              'x-forwarded-proto': 'https',
              'x-forwarded-for': OUTSIDE
            }
          })
          t.equal(echo.seen.at(-1)!.headers['x-forwarded-user'], sample.asksApplication ? 'anna' : undefined)
        })
      })
    }
  }
})

const camerasIn = ({ body }: Answer) => Object.keys((JSON.parse(body) as ServiceStatus).cameras)

/** Whether an answer shows a camera, or the state of camera 2. */
const reveals = ({ status, headers, body }: Answer) => status < 300 && (/^(image|multipart)\//.test(headers['content-type'] ?? '') || /"2":|"id":"2"/.test(body))
