import t, { type Test } from 'tap'
import Fastify from 'fastify'
import { pino } from 'pino'
import type { Principal } from '../../src/access/principal.js'
import { Revocations } from '../../src/access/revocations.js'
import { Fleet } from '../../src/camera/fleet.js'
import { door } from '../../src/door/door.js'
import { openTo } from '../../src/door/ways-in.js'
import { FakeClock } from '../fake-clock.js'
import { FakeLaunch } from '../fake-launch.js'
import { build } from '../http/build.js'

/** A web server whose clients say in a header who they are. */
async function guarded (t: Test, principals: Record<string, Principal>) {
  const built = await build(t, ['1', '2', 'secret'].map(id => ({ id, name: id })), {
    waysIn: { identify: [({ headers }) => principals[String(headers['x-who'])]], challenge: (_request, reply) => { reply.header('WWW-Authenticate', 'Who') } }
  })
  const ask = (url: string, who = '', method: 'GET' | 'POST' | 'HEAD' | 'PUT' = 'GET') => built.app.inject({ method, url, headers: { 'x-who': who } })
  return { ...built, ask }
}

const anna: Principal = { kind: 'user', name: 'anna', right: 'view', cameras: new Set(['2', 'gone']), issuedAt: 0 }
const principals: Record<string, Principal> = { anna, ben: { ...anna, name: 'ben', right: 'control' }, nobody: { ...anna, cameras: new Set() }, late: { ...anna, until: 1 } }

t.test('the door', async t => {
  const { ask } = await guarded(t, principals)

  t.test('asks who it is before anything else', async t => {
    for (const url of ['/status', '/status/1', '/status/none', '/camera/1?fps=wrong', '/video_feed', '/camera/none/snapshot']) {
      const answer = await ask(url)
      t.equal(answer.statusCode, 401, url)
      t.match(answer.json(), { code: 'UNAUTHENTICATED' })
      t.equal(answer.headers['www-authenticate'], 'Who')
      t.notMatch(answer.payload, /secret/)
    }
    t.equal((await ask('/stop/1', '', 'POST')).statusCode, 401)
    t.equal((await ask('/camera/1', '', 'HEAD')).statusCode, 401)
  })

  t.test('is open where nothing of a camera is said', async t => {
    for (const [url, status] of [['/', 200], ['/health/live', 200], ['/nothing', 404], ['/favicon.svg', 200]] as const) t.equal((await ask(url)).statusCode, status, url)
    t.equal((await ask('/camera/1', '', 'PUT')).statusCode, 405)
  })

  t.test('hides a camera as if it did not exist', async t => {
    for (const form of ['/status/ID', '/camera/ID', '/camera/ID/snapshot', '/camera/ID?fps=wrong']) {
      const [foreign, none] = await Promise.all(['secret', 'none00'].map(id => ask(form.replace('ID', id), 'anna')))
      t.equal(foreign!.statusCode, 404, form)
      t.equal(foreign!.payload.replace('secret', 'none00'), none!.payload, 'the same answer to the byte')
      t.match(foreign!.json().message, /The cameras are: 2\.$/)
    }
    t.match((await ask('/camera/gone', 'anna')).json().message, /The cameras are: 2\.$/, 'also if the file has it no longer')
    t.same(Object.keys((await ask('/status', 'anna')).json().cameras), ['2'])
    t.same((await ask('/status', 'nobody')).json().cameras, {})
    t.match((await ask('/video_feed', 'nobody')).json(), { statusCode: 404, message: 'There is no camera that you may see.' })
  })

  t.test('says which right is missing', async t => {
    const refused = await ask('/stop/2', 'anna', 'POST')
    t.equal(refused.statusCode, 403)
    t.match(refused.json(), { code: 'FORBIDDEN', message: /^anna may not do this: it takes the right control, and they have view\.$/ })
    t.equal((await ask('/stop/secret', 'ben', 'POST')).statusCode, 404)
    t.equal((await ask('/stop/2', 'ben', 'POST')).statusCode, 200)
  })

  t.test('refuses a proof that has ended', async t => {
    t.match((await ask('/status', 'late')).json(), { statusCode: 401, code: 'EXPIRED' })
  })
})

t.test('a server without logins lets everybody be an administrator on its own machine, but nobody by a proxy', async t => {
  const { app } = await build(t)
  const revoke = async (headers: Record<string, string>) => (await app.inject({ method: 'POST', url: '/sessions/revoke?user=zoe', headers })).statusCode
  t.equal(await revoke({}), 200)
  for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP']) t.equal(await revoke({ [name]: '192.0.2.1' }), 403, name)
  const { app: open } = await build(t, undefined, { waysIn: openTo('control') })
  t.equal((await open.inject({ method: 'POST', url: '/stop/1', headers: { via: '1.1 proxy' } })).statusCode, 200)
})

t.test('a server with a route that has no scope does not start', async t => {
  const app = Fastify()
  const clock = new FakeClock()
  await app.register(door, { fleet: new Fleet([], new FakeLaunch(clock).parts(pino({ level: 'silent' }))), clock, revocations: new Revocations(), waysIn: () => openTo('admin') })
  app.get('/forgotten', async () => 'everything')
  await t.rejects(async () => app.ready(), { message: /^Routes without a scope: GET \/forgotten/ })
})
