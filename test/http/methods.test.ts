import t from 'tap'
import { build } from './build.js'

/** Those of Fastify would stand on the terminal at every start. */
const warnings: Error[] = []
const note = (warning: Error) => { warnings.push(warning) }
process.on('warning', note)
t.teardown(() => process.off('warning', note))

t.test('the web side', async t => {
  const { app } = await build(t)

  t.test('answers a wrong method with the allowed ones', async t => {
    for (const [method, url, allow] of [
      ['POST', '/status', 'GET, HEAD'],
      ['DELETE', '/camera/1', 'GET, HEAD'],
      ['GET', '/start/1', 'POST'],
      ['PUT', '/stop/1', 'GET, POST'],
      ['POST', '/', 'GET, HEAD'],
      ['TRACE', '/status', 'GET, HEAD']
    ] as const) {
      const answer = await app.inject({ method, url })
      t.match(answer, { statusCode: 405, headers: { allow } }, `${method} ${url}`)
      t.match(answer.json(), { statusCode: 405, code: 'METHOD_NOT_ALLOWED', error: 'Method Not Allowed', message: String })
    }
  })

  t.test('begins without a warning', async t => {
    t.same(warnings, [])
  })

  t.test('has HEAD for every GET', async t => {
    for (const url of ['/', '/status', '/status/1', '/health/live', '/health/ready', '/camera/1', '/video_feed']) {
      t.match(await app.inject({ method: 'HEAD', url }), { statusCode: 200, body: '' }, url)
    }
  })

  t.test('answers every preflight, and leaves it to the browser whether that is enough', async t => {
    const preflight = await app.inject({ method: 'OPTIONS', url: '/start/1', headers: { origin: 'http://django.test', 'access-control-request-method': 'POST' } })
    t.match(preflight, { statusCode: 204, headers: { 'access-control-allow-methods': /POST/ } })
  })

  t.test('answers every missing address in one form', async t => {
    for (const url of ['/nothing', '/camera', '/../package.json', '/%2e%2e/package.json', '/tsconfig.json']) {
      const answer = await app.inject(url)
      t.equal(answer.statusCode, 404, url)
      t.match(answer.json(), { statusCode: 404, code: 'NOT_FOUND', message: /\/camera\/ID\/snapshot/ })
    }
    t.match((await app.inject('/camera/1?fps=many')).json(), { statusCode: 400, code: 'FST_ERR_VALIDATION', message: /fps/ })
  })

  t.test('accepts a slash at the end, and a double one', async t => {
    for (const url of ['/status/', '/status/1/', '//status', '/health/live/', '//favicon.svg']) {
      t.equal((await app.inject(url)).statusCode, 200, url)
    }
    t.match((await app.inject('/status/')).json(), { cameras: { 1: {}, lab: {} } })
    for (const url of ['/camera/1/', '/video_feed/?fps=2']) t.equal((await app.inject({ method: 'HEAD', url })).statusCode, 200, url)
    t.match((await app.inject({ url: '/camera/1/snapshot/', headers: { accept: 'application/json' } })).json(), { code: 'NO_PICTURE' })
    t.match((await app.inject({ method: 'POST', url: '/stop/1/' })).json(), { id: '1', state: 'stopped' })
    t.match(await app.inject('/start/1/'), { statusCode: 405, headers: { allow: 'POST' } })
  })

  t.test('serves the page', async t => {
    const page = await app.inject('/')
    t.match(page, { statusCode: 200, headers: { 'content-type': /text\/html/, 'content-security-policy': /script-src 'self'/ } })
    t.match(await app.inject('/favicon.svg'), { statusCode: 200, headers: { 'content-type': /svg/ } })
  })

  t.test('does not send the page to a browser that has it', async t => {
    const { headers: { etag } } = await app.inject('/')
    for (const known of [String(etag), `"old", W/${String(etag)}`]) t.match(await app.inject({ url: '/', headers: { 'if-none-match': known } }), { statusCode: 304, body: '' }, known)
    t.match(await app.inject({ url: '/', headers: { 'if-none-match': '"old"' } }), { statusCode: 200, body: /<html/ })
  })
})
