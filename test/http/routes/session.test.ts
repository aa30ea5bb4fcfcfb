import type { AddressInfo } from 'node:net'
import { parseSetCookie } from 'cookie'
import t from 'tap'
import { until } from '../../e2e/until.js'
import { view } from '../../e2e/viewer.js'
import { wordsJpeg } from '../../fake-launch.js'
import { build } from '../build.js'
import { basic, withUsers } from '../../door/guarded.js'

const HOUR_MS = 3_600_000

t.test('the page\'s session', async t => {
  const { app, clock } = await withUsers(t)
  const logIn = async (name = 'anna', headers: Record<string, string> = {}) => {
    const answer = await app.inject({ method: 'POST', url: '/session', headers: { ...basic(name), ...headers } })
    const set = String(answer.headers['set-cookie'])
    return { answer, set, cookie: set.split(';')[0]! }
  }
  const ask = (url: string, cookie: string) => app.inject({ url, headers: { cookie } })

  t.test('is opened with user and password, and lets the page in', async t => {
    const { answer, set, cookie } = await logIn()
    t.equal(answer.statusCode, 200)
    t.same(answer.json(), { user: 'anna', right: 'view', cameras: ['2'], login: true, logout: true, basic: false })
    t.equal(answer.headers['cache-control'], 'no-store')
    t.match(set, /^camgate_80=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    t.same(Object.keys((await ask('/status', cookie)).json().cameras), ['2'])
    t.same((await ask('/session', `other=1; ${cookie}; another=2`)).json(), answer.json())
    t.notMatch(answer.payload, cookie.split('=')[1])
  })
  t.test('has a cookie for each port, as the browser sees it', async t => {
    t.equal(parseSetCookie((await logIn('anna', { host: 'cams.lan:5001' })).set).name, 'camgate_5001')
  })
  t.test('is closed by a logout', async t => {
    const { cookie } = await logIn()
    const answer = await app.inject({ method: 'DELETE', url: '/session', headers: { cookie } })
    t.same(answer.json(), { user: null, right: null, cameras: [], login: true, logout: false, basic: false })
    t.match(answer.headers['set-cookie'], /^camgate_80=; Max-Age=0; Path=\/; /)
    t.equal((await ask('/status', cookie)).statusCode, 401)
  })
  t.test('is replaced by another login, so that an old cookie is worth nothing', async t => {
    const first = await logIn()
    const second = await logIn('Bérénice', { cookie: first.cookie })
    t.match(second.answer.json(), { user: 'Bérénice', right: 'admin', cameras: 'all' })
    t.equal((await ask('/status', first.cookie)).statusCode, 401)
    t.equal((await ask('/status', second.cookie)).statusCode, 200)
  })
  t.test('is not found by a cookie that was made up, which is no wrong try', async t => {
    for (let i = 0; i < 30; i++) t.match((await ask('/status', `camgate_80=${'x'.repeat(43)}`)).json(), { statusCode: 401, code: 'UNAUTHENTICATED' })
    t.equal((await logIn()).answer.statusCode, 200)
    t.same((await ask('/session', 'camgate_80=x')).json(), { user: null, right: null, cameras: [], login: true, logout: false, basic: false })
  })
  t.test('ends 12 hours after its last use', async t => {
    const { cookie } = await logIn()
    clock.advance(11 * HOUR_MS)
    t.equal((await ask('/status', cookie)).statusCode, 200)
    clock.advance(12 * HOUR_MS)
    t.equal((await ask('/status', cookie)).statusCode, 401)
    t.equal((await ask('/session', cookie)).json().user, null)
  })
  t.test('ends when an administrator logs its user out, who may log in again', async t => {
    const { cookie } = await logIn()
    t.equal((await app.inject({ method: 'POST', url: '/sessions/revoke?user=anna', headers: basic('Bérénice') })).statusCode, 200)
    t.equal((await ask('/status', cookie)).statusCode, 401)
    t.match((await ask('/session', cookie)).json(), { user: null, right: null, login: true })
    clock.advance(1)
    t.equal((await ask('/status', (await logIn()).cookie)).statusCode, 200)
  })
  t.test('needs both, and never a body or an address', async t => {
    for (const headers of [{}, { authorization: 'Bearer x' }, basic('anna', 'wrong')]) {
      const answer = await app.inject({ method: 'POST', url: '/session?user=anna&password=correct%20horse', headers, payload: 'user=anna&password=correct+horse' })
      t.equal(answer.statusCode, 401)
      t.equal(answer.headers['set-cookie'], undefined)
      t.equal(answer.headers['www-authenticate'], undefined, 'the page has a form')
    }
  })
  t.test('is described for Basic too, which no logout ends', async t => {
    t.same((await app.inject({ url: '/session', headers: basic('anna') })).json(), { user: 'anna', right: 'view', cameras: ['2'], login: true, logout: false, basic: true })
    t.equal((await app.inject({ url: '/session', headers: basic('anna', 'wrong too') })).json().user, null)
  })
  t.test('cannot be guessed at through any of its routes', async t => {
    for (let i = 0; i < 6; i++) await app.inject({ url: '/session', headers: basic('someone', `guess ${i}`) })
    t.equal((await app.inject({ url: '/session', headers: basic('someone') })).statusCode, 429)
    const { answer } = await logIn('someone')
    t.equal(answer.statusCode, 429)
    t.match(answer.headers['retry-after'], /^\d+$/)
  })
})

t.test('the streams of a session', async t => {
  const { app, clock, fleet, played } = await withUsers(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  fleet.start()
  const logIn = async (cookie = '') => String((await app.inject({ method: 'POST', url: '/session', headers: { ...basic('anna'), host: `127.0.0.1:${port}`, cookie } })).headers['set-cookie']).split(';')[0]!
  const watch = (cookie: string) => view(t, `http://127.0.0.1:${port}/camera/2`, { request: `GET /camera/2 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n` })
  const [first, other] = [await logIn(), await logIn()]
  const [one, two, others] = [watch(first), watch(first), watch(other)]
  await until('all watch', () => fleet.get('2').hub.viewers === 3)
  played.frame('2')
  await until('each has a picture', () => [one, two, others].every(({ live }) => live.length > 0))
  const says = (viewer: ReturnType<typeof watch>) => viewer.last?.state === 'expired' && viewer.last.jpeg.equals(wordsJpeg)

  t.test('end at once with its logout, each with a picture that says so, and those of the user\'s other sessions go on', async t => {
    await app.inject({ method: 'DELETE', url: '/session', headers: { host: `127.0.0.1:${port}`, cookie: first } })
    await until('they ended', () => one.socket.closed && two.socket.closed)
    t.ok(says(one) && says(two))
    t.match(played.drawn.at(-1)!.paragraphs[0], /has ended/)
    t.notOk(others.socket.closed)
    t.equal(clock.now(), 0, 'nobody had to wait')
  })
  t.test('end at once when the browser logs in again', async t => {
    await logIn(other)
    await until('it ended', () => others.socket.closed)
    t.ok(says(others))
    t.equal(clock.now(), 0)
  })
})

t.test('without a login everybody is told what they may do', async t => {
  const { app } = await build(t)
  t.same((await app.inject({ url: '/session' })).json(), { user: null, right: 'admin', cameras: 'all', login: false, logout: false, basic: false })
  t.equal((await app.inject({ method: 'POST', url: '/session', headers: basic('anna') })).statusCode, 401)
  t.equal((await app.inject({ method: 'DELETE', url: '/session' })).statusCode, 200)
})
