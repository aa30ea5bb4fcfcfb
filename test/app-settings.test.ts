import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { accessChange } from '../src/access/access-change.js'
import { appSettings } from '../src/app-settings.js'
import { changesBetween } from '../src/config/changes.js'
import { parseRegistry } from '../src/config/parse.js'
import { basic } from './door/guarded.js'
import { until } from './e2e/until.js'
import { FakeClock } from './fake-clock.js'
import { build } from './http/build.js'
import { passwordHash } from './passwords.js'

const SECRET = 'a secret of thirty-two characters'
const registry = (server: object) => parseRegistry(JSON.stringify({ server, cameras: { 1: 'rtsp://127.0.0.1/1', 2: 'rtsp://127.0.0.1/2' } }), { file: 'cameras.yaml', env: {}, readFile: () => '' })

/** A web server whose settings a test changes as a reload does. */
async function living (t: Test, first: object) {
  const clock = new FakeClock()
  const context = { clock, warn () {}, addresses: ['127.0.0.1'], certified: [] }
  let before = registry(first)
  let settings = appSettings(before.server, context)
  const built = await build(t, [{ id: '1', name: 'One' }, { id: '2', name: 'Two' }], { clock, ...settings })
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  built.fleet.start()
  const change = (server: object) => {
    const after = registry(server)
    settings = appSettings(after.server, context, settings, changesBetween(before, after).server)
    built.app.useSettings(settings, accessChange(before.server.auth, after.server.auth))
    before = after
  }
  return { ...built, change, host: `127.0.0.1:${(built.app.server.address() as AddressInfo).port}` }
}
type Service = Awaited<ReturnType<typeof living>>

const user = (more: object = {}) => ({ password: passwordHash, ...more })
const users = (all: object, more: object = {}) => ({ auth: { users: all, ...more } })

/** The port is part of the cookie's name. */
async function logIn ({ app, host }: Service, name: string) {
  const answer = await app.inject({ method: 'POST', url: '/session', headers: { host, ...basic(name) } })
  const [cookie] = String(answer.headers['set-cookie']).split(';')
  return { host, cookie: cookie! }
}

/** Watches a camera. Returns the state that its last frame names, once it has ended. */
async function watch ({ host, played }: Service, headers: object) {
  const [response] = await once(get(`http://${host}/camera/1`, { headers: { ...headers } }), 'response') as [IncomingMessage]
  const seen = { status: response.statusCode, text: '', ended: false, lastState: () => /.*X-Camera-State: (\w+)/s.exec(seen.text)?.[1] }
  response.setEncoding('latin1').on('data', (text: string) => { seen.text += text }).on('close', () => { seen.ended = true })
  if (seen.status === 200) {
    played.frame()
    await until('there is a picture', () => seen.text.includes('X-Sequence'))
  }
  return seen
}

t.test('a changed configuration', async t => {
  t.test('lets nobody in any longer who is gone, and ends what they watch', async t => {
    const service = await living(t, users({ anna: user(), ben: user() }))
    const { app, change } = service
    const [anna, ben] = [await logIn(service, 'anna'), await logIn(service, 'ben')]
    const [gone, stays] = [await watch(service, anna), await watch(service, ben)]
    change(users({ ben: user() }))
    await until('her stream has ended', () => gone.ended)
    t.equal(gone.lastState(), 'revoked')
    t.equal((await app.inject({ url: '/status', headers: anna })).statusCode, 401)
    t.equal((await app.inject({ url: '/status', headers: basic('anna') })).statusCode, 401)
    t.equal((await app.inject({ url: '/status', headers: ben })).statusCode, 200, 'nobody else is logged out')
    t.notOk(stays.ended)
  })

  t.test('gives a session the right and the cameras that its user has now', async t => {
    const service = await living(t, users({ anna: user(), ben: user() }))
    const { app, change } = service
    const anna = await logIn(service, 'anna')
    const [first, ben] = [await watch(service, anna), await watch(service, basic('ben'))]
    change(users({ anna: user({ cameras: ['2'], right: 'control' }), ben: user() }))
    await until('her stream has ended', () => first.ended)
    t.equal(first.lastState(), 'changed')
    t.same(Object.keys((await app.inject({ url: '/status', headers: anna })).json().cameras), ['2'])
    t.match((await app.inject({ url: '/session', headers: anna })).json(), { user: 'anna', right: 'control', logout: true })
    t.equal((await watch(service, anna)).status, 404)
    t.notOk(ben.ended)
  })

  t.test('does not let somebody in whose password was being checked when they were removed', async t => {
    const service = await living(t, users({ anna: user(), ben: user() }))
    const { app, clock, change } = service
    const asked = [app.inject({ url: '/status', headers: basic('anna') }), app.inject({ method: 'POST', url: '/session', headers: basic('anna') })]
    await new Promise(resolve => setImmediate(resolve))
    change(users({ ben: user() }))
    clock.advance(1) // what they prove now comes after the revocation
    for (const answer of await Promise.all(asked)) t.equal(answer.statusCode, 401)
  })

  t.test('keeps slowing down who guessed before', async t => {
    const { app, change } = await living(t, users({ anna: user() }))
    for (let i = 0; i < 7; i++) await app.inject({ url: '/status', headers: basic('anna', `guess ${i}`) })
    change(users({ anna: user(), ben: user() }))
    t.equal((await app.inject({ url: '/status', headers: basic('anna') })).statusCode, 429)
  })

  t.test('asks for a login where there was none, and ends what was watched without', async t => {
    const service = await living(t, { auth: 'none' })
    const stream = await watch(service, {})
    service.change(users({ anna: user() }, { links: { keys: { k: SECRET } } }))
    await until('it has ended', () => stream.ended)
    t.equal((await service.app.inject('/status')).statusCode, 401)
    t.equal((await service.app.inject({ url: '/status', headers: basic('anna') })).statusCode, 200)
    service.change({ auth: 'none' })
    t.equal((await service.app.inject('/status')).statusCode, 200)
  })

  t.test('changes which names, sites and proxies count', async t => {
    const { app, change } = await living(t, {})
    const named = (host: string) => app.inject({ url: '/status', headers: { host } })
    const fromSite = () => app.inject({ method: 'POST', url: '/start/1', headers: { origin: 'https://app.example.org', 'sec-fetch-site': 'cross-site' } })
    const page = async () => String((await app.inject('/')).headers['content-security-policy'])
    t.equal((await named('cams.example.org')).statusCode, 421)
    t.equal((await fromSite()).statusCode, 403)
    t.match(await page(), /frame-ancestors 'self';/)
    change({ auth: 'none', hosts: ['cams.example.org'], origins: ['https://app.example.org'], embed: ['https://wiki.example.org'], trustProxy: ['127.0.0.1'] })
    t.equal((await named('cams.example.org')).statusCode, 200)
    const answer = await fromSite()
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['access-control-allow-origin'], 'https://app.example.org')
    t.match(await page(), /frame-ancestors 'self' https:\/\/app\.example\.org;/)
    t.match((await app.inject({ method: 'HEAD', url: '/camera/1', headers: { referer: 'https://wiki.example.org/' } })).headers['content-security-policy'], /frame-ancestors 'self' https:\/\/wiki\.example\.org https:\/\/app\.example\.org$/)
    change({})
    t.equal((await named('cams.example.org')).statusCode, 421)
    t.equal((await fromSite()).statusCode, 403)
  })

  t.test('limits viewers from the next one on', async t => {
    const service = await living(t, {})
    const first = await watch(service, {})
    service.change({ maxViewers: 1 })
    t.equal((await watch(service, {})).status, 503)
    t.notOk(first.ended)
    service.change({ maxViewersPerAddress: 2 })
    t.equal((await watch(service, {})).status, 200)
    t.equal((await watch(service, {})).status, 503)
  })
})
