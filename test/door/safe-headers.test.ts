import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import t from 'tap'
import { until } from '../e2e/until.js'
import { build } from '../http/build.js'

const SAFE = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': /^(cross|same)-origin$/
}

t.test('no answer can become a document of camgate\'s origin', async t => {
  const { app, fleet, played } = await build(t)
  fleet.start()
  played.frame()
  for (const [method, url, status] of [
    ['GET', '/camera/1/snapshot', 200], ['HEAD', '/camera/1/snapshot', 200], ['HEAD', '/camera/1', 200], ['HEAD', '/video_feed?fps=1', 200],
    ['GET', '/status', 200], ['GET', '/camera/nope', 404], ['GET', '/<script>', 404], ['PUT', '/status', 405], ['GET', '/camera/1?fps=x', 400]
  ] as const) {
    const answer = await app.inject({ method, url })
    t.match(answer, { statusCode: status, headers: SAFE }, `${method} ${url}`)
  }
})

t.test('nor can the status frame of a snapshot', async t => {
  const { app } = await build(t)
  t.match(await app.inject('/camera/1/snapshot'), { statusCode: 503, headers: { ...SAFE, 'content-type': 'image/jpeg', 'x-camera-state': 'stopped' } })
})

t.test('nor can an answer without a route', async t => {
  const { app } = await build(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const ask = async (bytes: string) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1')
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    let answer = ''
    socket.on('data', text => { answer += text }).write(bytes)
    await until('an answer', () => answer.includes('\r\n\r\n'))
    return answer
  }
  const host = 'Host: x\r\n\r\n'
  for (const request of ['nonsense\r\n\r\n', `GET /%zz HTTP/1.1\r\n${host}`, `GET /camera/1 HTTP/1.1\r\n${host}`]) {
    const answer = await ask(request)
    t.match(answer, /^content-security-policy: default-src 'none'; sandbox\r$/im, request)
    t.match(answer, /^x-content-type-options: nosniff\r$/im, request)
  }
})

t.test('only pictures may be embedded in pages of other origins', async t => {
  const { app } = await build(t)
  for (const [method, url, policy] of [
    ['GET', '/camera/1/snapshot', 'cross-origin'], ['HEAD', '/camera/1', 'cross-origin'], ['HEAD', '/video_feed', 'cross-origin'],
    ['GET', '/status', 'same-origin'], ['GET', '/nothing', 'same-origin'], ['GET', '/', 'same-origin'], ['GET', '/favicon.svg', 'same-origin']
  ] as const) t.equal((await app.inject({ method, url })).headers['cross-origin-resource-policy'], policy, `${method} ${url}`)
})

t.test('the page has a policy of its own: only the scripts and styles that are in it, no other site, no frame', async t => {
  const { app } = await build(t)
  const policy = "default-src 'none';script-src 'self' HASH HASH;style-src HASH HASH HASH HASH;img-src 'self';media-src blob:;connect-src 'self';base-uri 'self';form-action 'self';frame-ancestors 'self';worker-src 'self' blob:;require-trusted-types-for 'script';trusted-types camgate camgate-early camgate-events"
  for (const url of ['/', '/index.html', '/favicon.svg']) {
    const { headers, statusCode } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.equal(String(headers['content-security-policy']).replace(/'sha256-[\w+/]+='/g, 'HASH'), policy, url)
    t.match(headers, { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin' }, url)
  }
})
