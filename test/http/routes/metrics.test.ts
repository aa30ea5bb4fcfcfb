import t from 'tap'
import { waysIn } from '../../../src/door/ways-in.js'
import { basic } from '../../door/guarded.js'
import { FakeClock } from '../../fake-clock.js'
import { seriesOf } from '../../metrics/series.js'
import { passwordHash } from '../../passwords.js'
import { build } from '../build.js'

t.test('GET /metrics', async t => {
  t.test('is text for Prometheus, whatever is asked for, and nothing that may be kept', async t => {
    const { app, fleet, played } = await build(t)
    fleet.start()
    played.frame('1')
    for (const accept of [undefined, '*/*', 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5', 'application/json']) {
      const { statusCode, headers, body } = await app.inject({ url: '/metrics', headers: accept ? { accept } : {} })
      t.equal(statusCode, 200)
      t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
      t.equal(headers['cache-control'], 'no-store')
      t.match(seriesOf(body), { 'camgate_camera_up{camera="1"}': 1, 'camgate_camera_up{camera="lab"}': 0 })
    }
  })
  t.test('has HEAD, and no other method', async t => {
    const { app } = await build(t)
    const head = await app.inject({ method: 'HEAD', url: '/metrics' })
    t.equal(head.statusCode, 200)
    t.equal(head.body, '')
    const post = await app.inject({ method: 'POST', url: '/metrics' })
    t.equal(post.statusCode, 405)
    t.equal(post.headers.allow, 'GET, HEAD')
  })
  t.test('is for whoever may see all cameras, however many there are', async t => {
    const users = new Map(([['prometheus', 'view', 'all'], ['vera', 'view', new Set(['1', 'lab'])], ['ada', 'admin', new Set(['1', 'lab'])]] as const)
      .map(([name, right, cameras]) => [name, { name, password: passwordHash, right, cameras }]))
    const { app } = await build(t, undefined, { waysIn: waysIn({ users }, { clock: new FakeClock(), trusts: () => false, warn () {} }) })
    const statusOf = async (headers: Record<string, string>) => (await app.inject({ url: '/metrics', headers })).statusCode
    t.equal(await statusOf({}), 401, 'from this machine too')
    t.equal(await statusOf(basic('prometheus')), 200)
    t.equal(await statusOf(basic('vera')), 403)
    t.equal(await statusOf(basic('ada')), 403)
    t.match((await app.inject({ url: '/metrics', headers: basic('vera') })).json(), { code: 'FORBIDDEN', message: /the right view of all cameras/ })
  })
})
