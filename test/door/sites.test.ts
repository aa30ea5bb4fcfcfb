import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { KnownHosts } from '../../src/sites/hosts.js'
import type { SiteSettings } from '../../src/sites/settings.js'
import { sites } from '../../src/door/sites.js'
import { answerErrors } from '../../src/http/errors.js'
import { turn } from '../fake-launch.js'
import { build } from '../http/build.js'

const DJANGO = 'http://localhost:8000'
const EVIL = 'https://evil.example'
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0', 'accept-language': 'en' }
const OPENED = { ...BROWSER, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** The web server with one camera, which runs. */
async function open (t: Test, site: Partial<SiteSettings> = {}) {
  const { app, fleet, played } = await build(t, [{ id: '1' }], { sites: { hosts: new KnownHosts([]), origins: [], embed: [], ...site } })
  fleet.start()
  played.frame()
  const stopped = () => fleet.get('1').state.kind !== 'running'
  return { app, played, stopped }
}

t.test('DNS rebinding: a name that anybody may have registered', async t => {
  const { app, stopped } = await open(t, { hosts: new KnownHosts(['cams.example.org']) })
  const ask = (host: string, url = '/status', method: 'GET' | 'POST' | 'PUT' | 'OPTIONS' | 'HEAD' = 'GET', headers = {}) => app.inject({ method, url, headers: { host, ...headers } })

  t.test('gets no answer, whatever is asked', async t => {
    for (const [url, method] of [
      ['/status'], ['/'], ['/favicon.svg'], ['/camera/1'], ['/camera/1/snapshot'], ['/nothing'], ['/health/live'], ['/stop/1'], ['/stop/1', 'POST'], ['/status', 'PUT'], ['/status', 'OPTIONS'], ['/status', 'HEAD']
    ] as const) {
      const { statusCode, headers, payload } = await ask('evil.example:5000', url, method, { origin: 'http://evil.example:5000', 'sec-fetch-site': 'same-origin' })
      t.equal(statusCode, 421, `${method} ${url}`)
      t.notOk(headers['access-control-allow-origin'])
      if (method !== 'HEAD') t.match(JSON.parse(payload), { code: 'UNKNOWN_HOST', message: /server: \{ hosts: \['evil\.example'\] \}$/ })
    }
    t.equal((await ask('evil.example', '/status', 'GET', { connection: 'upgrade', upgrade: 'websocket' })).statusCode, 421)
    t.notOk(stopped())
  })
  t.test('is answered if it is configured', async t => {
    for (const host of ['cams.example.org', 'CAMS.example.org.:443', 'localhost:5000', '192.168.1.5:5000', '[::1]:5000', 'camgate', 'pi.local']) t.equal((await ask(host)).statusCode, 200, host)
  })
  t.test('is not repeated if it is no name', async t => {
    const { statusCode, headers, payload } = await ask('"><script>alert(1)</script>')
    t.equal(statusCode, 421)
    t.notMatch(payload, /script|alert/)
    t.match(headers, { 'content-security-policy': "default-src 'none'; sandbox", 'x-content-type-options': 'nosniff' })
  })
  t.test('does not become another by X-Forwarded-Host, which a page may send', async t => {
    t.equal((await ask('evil.example', '/status', 'GET', { 'x-forwarded-host': 'localhost' })).statusCode, 421)
    t.equal((await ask('localhost', '/status', 'GET', { 'x-forwarded-host': 'evil.example' })).statusCode, 200, 'a header that nobody trusts')
  })
  t.test('counts in the request line too, and none is needed in HTTP/1.0', async t => {
    await app.listen({ port: 0, host: '127.0.0.1' })
    const answer = async (request: string) => {
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
      await once(socket, 'connect')
      socket.end(`${request}\r\n\r\n`)
      return Number((await text(socket)).split(' ')[1])
    }
    t.equal(await answer('GET http://evil.example/status HTTP/1.1\r\nHost: localhost\r\nConnection: close'), 421)
    t.equal(await answer('GET http://localhost/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close'), 421)
    t.equal(await answer('GET http://localhost/status HTTP/1.1\r\nHost: localhost\r\nConnection: close'), 200)
    t.equal(await answer('GET /status HTTP/1.0'), 200)
    t.equal(await answer('GET /status HTTP/1.1\r\nHost:\r\nConnection: close'), 200)
  })
})

t.test('behind a trusted proxy', async t => {
  const app = Fastify({ trustProxy: ['127.0.0.1'] })
  t.teardown(() => app.close())
  answerErrors(app, async () => false)
  const settings = { hosts: new KnownHosts(['cams.example.org']), origins: [], embed: [] }
  await app.register(sites, { settings: () => settings })
  app.post('/start', async () => 'started')
  const ask = (headers: Record<string, string>, remoteAddress = '127.0.0.1') => app.inject({ method: 'POST', url: '/start', remoteAddress, headers: { ...BROWSER, host: 'camgate:5000', ...headers } })
  const forwarded = { 'x-forwarded-host': 'cams.example.org', 'x-forwarded-proto': 'https' }

  t.test('the own origin is what the client sees', async t => {
    t.equal((await ask({ ...forwarded, origin: 'https://cams.example.org' })).statusCode, 200)
    t.equal((await ask({ ...forwarded, origin: 'http://cams.example.org' })).statusCode, 403)
    t.equal((await ask({ ...forwarded, 'x-forwarded-proto': 'javascript', origin: 'null' })).statusCode, 403)
  })
  t.test('it is not for a client that only says so', async t => {
    t.equal((await ask({ ...forwarded, origin: 'https://cams.example.org' }, '10.0.0.9')).statusCode, 403)
  })
  t.test('both names have to be known, because a page may send the one and the proxy may hide the other', async t => {
    t.equal((await ask({ ...forwarded, 'x-forwarded-host': 'evil.example', origin: 'https://evil.example' })).statusCode, 421)
    t.equal((await ask({ ...forwarded, host: 'evil.example', origin: 'https://cams.example.org' })).statusCode, 421)
  })
})

t.test('CSRF to command execution (go2rtc CVE-2024-29192): a page of another site', async t => {
  const { app, played, stopped } = await open(t, { origins: [DJANGO] })
  const ask = (method: 'POST' | 'GET' | 'PUT' | 'DELETE', url: string, headers: Record<string, string>) => app.inject({ method, url, headers: { host: 'localhost:5000', ...BROWSER, ...headers } })

  t.test('changes nothing, by no method and at no address', async t => {
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      for (const url of ['/stop/1', '/restart/1', '/start/1', '/status', '/', '/nothing']) {
        const answer = await ask(method, url, { 'sec-fetch-site': 'cross-site', origin: EVIL })
        t.match(answer.json(), { statusCode: 403, code: 'CROSS_SITE', message: /server: \{ origins: \[/ }, `${method} ${url}`)
      }
    }
    t.match((await ask('GET', '/stop/1', { 'sec-fetch-site': 'cross-site', accept: 'image/*' })).json(), { code: 'CROSS_SITE' }, '<img>')
    t.match((await ask('GET', '/stop/1', { 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch' })).json(), { code: 'PREFETCH', message: /nothing was changed/ })
    t.notOk(stopped())
  })
  t.test('opens no WebSocket', async t => {
    const upgrade = { connection: 'upgrade', upgrade: 'WebSocket' }
    for (const accept of ['*/*', 'text/html']) t.equal((await ask('GET', '/status', { ...upgrade, accept, origin: EVIL })).statusCode, 403)
    t.equal((await ask('GET', '/status', { ...upgrade, origin: 'http://localhost:5000' })).statusCode, 200)
  })
  t.test('gets a page with one button for the link of a camera that is to be stopped', async t => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch' }, { referer: `${EVIL}/` }, {}] as Array<Record<string, string>>) {
      const { statusCode, headers: its, payload } = await ask('GET', '/stop/1', { ...OPENED, ...headers })
      t.equal(statusCode, 403)
      t.match(its, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' })
      t.match(its['content-security-policy'], /^default-src 'none'; style-src 'sha256-[\w+/]+='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/)
      t.match(payload, /<form method="post"><button>/)
    }
    t.notOk(stopped())
    const { payload } = await ask('GET', '/stop/%3Cscript%3Ealert(1)%3C%2Fscript%3E%22\'&', { ...OPENED, 'sec-fetch-site': 'cross-site' })
    t.match(payload, 'Stop camera &lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;?')
    t.notMatch(payload, '<script')
  })
  for (const [who, method, headers] of [
    ['the own page', 'POST', { origin: 'http://localhost:5000', referer: 'http://localhost:5000/' }], ['a listed origin', 'POST', { origin: DJANGO, 'sec-fetch-site': 'same-site' }],
    ['the address bar', 'GET', { ...OPENED, 'sec-fetch-site': 'none' }], ['a link of the own origin', 'GET', { ...OPENED, 'sec-fetch-site': 'same-origin' }],
    ['a program', 'GET', { 'user-agent': 'curl/8.14.1', 'accept-language': '*' }], ['a program', 'POST', { 'user-agent': 'python-requests/2', 'accept-language': '*' }],
    ['a token', 'POST', { origin: EVIL, authorization: 'Bearer x' }]
  ] as Array<[string, 'GET' | 'POST', Record<string, string>]>) {
    t.test(`is not ${who}: ${method}`, async t => {
      await app.inject({ method: 'POST', url: '/start/1' })
      const answer = ask(method, '/stop/1', headers)
      await turn()
      await turn()
      played.exit()
      t.equal((await answer).statusCode, 200)
      t.ok(stopped())
    })
  }
})

t.test('wildcard CORS with credentials', async t => {
  const { app } = await open(t, { origins: [DJANGO, '*'] })
  const ask = (origin: string | undefined, method: 'GET' | 'OPTIONS' = 'GET') => app.inject({ method, url: '/status', headers: { host: 'localhost:5000', ...(origin === undefined ? {} : { origin }), 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } })

  t.test('is given to nobody', async t => {
    for (const origin of [EVIL, 'null', `${DJANGO}.evil.example`, 'http://localhost', undefined]) {
      for (const method of ['GET', 'OPTIONS'] as const) {
        const { headers, statusCode } = await ask(origin, method)
        t.equal(statusCode, method === 'GET' ? 200 : 204, 'the browser decides')
        for (const name of ['origin', 'credentials']) t.equal(headers[`access-control-allow-${name}`], undefined, `${method} ${origin} ${name}`)
        t.match(headers.vary, /\bOrigin\b/, 'no cache may give one origin\'s answer to another')
      }
    }
  })
  t.test('listed origins read answers, with credentials', async t => {
    const { headers } = await ask(DJANGO)
    t.match(headers, { 'access-control-allow-origin': DJANGO, 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'X-Frame-Age, X-Timestamp, X-Camera-State, X-Damaged', vary: /\bOrigin\b/ })
    t.match((await ask(DJANGO, 'OPTIONS')).headers, { 'access-control-allow-origin': DJANGO, 'access-control-allow-methods': 'GET, HEAD, POST', 'access-control-allow-headers': 'authorization' })
  })
})

t.test('the pages of other sites show pictures', async t => {
  const img = (headers: Record<string, string> = {}) => ({ url: '/camera/1/snapshot', headers: { host: 'localhost:5000', ...BROWSER, accept: 'image/*', ...headers } })

  t.test('all of them, unless server.embed lists some', async t => {
    const { app } = await open(t)
    const { statusCode, headers } = await app.inject(img({ 'sec-fetch-site': 'cross-site', referer: EVIL }))
    t.equal(statusCode, 200)
    t.match(headers, { 'cross-origin-resource-policy': 'cross-origin', 'content-security-policy': "default-src 'none'; sandbox" })
  })
  t.test('only the listed ones, if there are some', async t => {
    const { app } = await open(t, { embed: ['https://app.example.org'], origins: [DJANGO] })
    for (const referer of ['https://app.example.org/', `${DJANGO}/cams`]) {
      const { statusCode, headers } = await app.inject(img({ 'sec-fetch-site': 'cross-site', referer }))
      t.equal(statusCode, 200)
      t.match(headers, { 'cross-origin-resource-policy': 'cross-origin', 'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self' https://app.example.org http://localhost:8000" })
    }
    t.match((await app.inject(img({ 'sec-fetch-site': 'cross-site', referer: EVIL }))).json(), { statusCode: 403, code: 'EMBEDDING', message: /referrerpolicy/ })
    t.match(await app.inject(img()), { statusCode: 200, headers: { 'cross-origin-resource-policy': 'same-origin' } }, 'a page that hides where it is: the browser keeps the picture from it')
    t.match(await app.inject({ ...img({ referer: EVIL }), url: '/status' }), { statusCode: 200 }, 'CORS and its policy keep the rest')
  })
  t.test('and camgate\'s own page only those of server.origins', async t => {
    const { app } = await open(t, { embed: ['https://app.example.org'], origins: [DJANGO] })
    t.match((await app.inject('/')).headers['content-security-policy'], "frame-ancestors 'self' http://localhost:8000;")
  })
})
