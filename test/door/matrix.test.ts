import { SignJWT } from 'jose'
import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { signLink } from '../../src/access/link.js'
import type { Right, Scope } from '../../src/access/principal.js'
import { trustedProxies } from '../../src/access/trusted-proxies.js'
import { Fleet } from '../../src/camera/fleet.js'
import { parseRegistry } from '../../src/config/parse.js'
import { CameraFile } from '../../src/edit/camera-file.js'
import type { Launch } from '../../src/capture/attempt.js'
import { openTo, waysIn } from '../../src/door/ways-in.js'
import { keyPair } from '../../src/tls/key-pair.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch } from '../fake-launch.js'
import { build } from '../http/build.js'
import { routesOf, type Route } from '../http/routes-of.js'
import { ask, connectHttp2 } from '../http2/client.js'
import { passwordHash } from '../passwords.js'
import { certificate, names } from '../tls/certificates.js'
import { basic } from './guarded.js'

const SECRET = 'a secret of thirty-two characters'
const own = new Set(['own'])
const users = new Map(([['vera', 'view', own], ['olaf', 'control', own], ['ada', 'admin', own], ['all', 'view', 'all']] as const)
  .map(([name, right, cameras]) => [name, { name, password: passwordHash, right, cameras }] as const))
const auth = {
  users,
  jwt: { key: { secret: SECRET }, claims: { name: 'sub', right: 'right', cameras: 'cameras' } },
  links: { keys: new Map([['k', SECRET]]) },
  proxy: { header: 'X-Forwarded-User', right: 'view' as Right, cameras: own }
}
const clock = new FakeClock()
const seconds = Math.floor(clock.wall() / 1_000)
const token = (right: Right) => new SignJWT({ sub: 'robot', right, cameras: ['own'] }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(seconds).setExpirationTime(seconds + 3_600).sign(Buffer.from(SECRET))
const viewToken = await token('view')
const controlToken = await token('control')
const signed = (url: string) => signLink(url, { kid: 'k', sub: 'vera', iat: seconds, exp: seconds + 3_600 }, SECRET)

/** What an asker gets on a route of each scope: for their own camera, for one they may not see, and for one that does not exist. `ok`: not refused. */
type Answers = readonly [own: string, foreign: string, absent: string]
const OPEN: Answers = ['ok', 'ok', '404']
const UNKNOWN: Answers = ['401', '401', '401']
const OWN: Answers = ['ok', '404', '404']
const FORBIDDEN: Answers = ['403', '403', '403']
type Expected = Record<Exclude<Scope, 'public'>, Answers>
const viewer: Expected = { view: OWN, control: FORBIDDEN, admin: FORBIDDEN }

interface Asker {
  readonly sends?: (url: string) => { url?: string, headers?: Record<string, string> }
  readonly expected: Expected
  /** What they get by routes that take no link. */
  readonly elsewhere?: Expected
}

const nobody: Expected = { view: UNKNOWN, control: UNKNOWN, admin: UNKNOWN }
const closed: Record<string, Asker> = {
  nobody: { expected: nobody },
  'a wrong cookie': { sends: () => ({ headers: { cookie: 'camgate_5000=guessed' } }), expected: nobody },
  'user, view': { sends: () => ({ headers: basic('vera') }), expected: viewer },
  'user, control': { sends: () => ({ headers: basic('olaf') }), expected: { view: OWN, control: OWN, admin: FORBIDDEN } },
  'user, admin': { sends: () => ({ headers: basic('ada') }), expected: { view: OWN, control: OWN, admin: OWN } },
  'user of all cameras': { sends: () => ({ headers: basic('all') }), expected: { view: OPEN, control: FORBIDDEN, admin: FORBIDDEN } },
  'token, view': { sends: () => ({ headers: { authorization: `Bearer ${viewToken}` } }), expected: viewer },
  'token, control': { sends: () => ({ headers: { authorization: `Bearer ${controlToken}` } }), expected: { view: OWN, control: OWN, admin: FORBIDDEN } },
  link: { sends: url => ({ url: signed(url) }), expected: viewer, elsewhere: nobody },
  proxy: { sends: () => ({ headers: { 'x-forwarded-user': 'guest' } }), expected: viewer }
}
const open: Record<string, Asker> = {
  'anyone, auth: none': { expected: { view: OPEN, control: OPEN, admin: FORBIDDEN } },
  'anyone, on loopback': { expected: { view: OPEN, control: OPEN, admin: OPEN } }
}

/** Starting a camera makes its snapshots wait: routes that change something come last. */
const inOrder = (routes: readonly Route[]) => (['view', 'public', 'control', 'admin'] as const).flatMap(scope => routes.filter(route => route.scope === scope))

/** Cameras whose attempts end when they are asked to. */
function fleetOf (ids: string[]): Fleet {
  const played = new FakeLaunch(clock)
  const launch: Launch = (camera, events, memory) => {
    const attempt = played.launch(camera, events, memory)
    return { ...attempt, stop () { setImmediate(() => events.onExit(undefined)) } }
  }
  return new Fleet(ids.map(id => ({ ...camera, id, name: id })), { ...played.parts(pino({ level: 'silent' })), launch })
}

/** A file with the same cameras, which no request here can change: none has seen it. */
function camerasOf (t: Test): CameraFile {
  const file = join(t.testdir({ 'cameras.yaml': 'cameras: { own: rtsp://192.168.1.20/, foreign: rtsp://192.168.1.21/ }' }), 'cameras.yaml')
  return new CameraFile({ file, check: text => parseRegistry(text, { file, env: {}, readFile: () => '' }), reload: async () => { throw new Error('reloaded') } })
}

/** Sends a request and returns the answer's status. */
type Send = (address: string, method: string, headers: Record<string, string>) => Promise<number | undefined>

const overHttp1 = (_t: Test, base: string): Send => async (address, method, headers) => {
  const answer = await fetch(`http://${base}${address}`, { method, headers })
  await answer.body?.cancel()
  return answer.status
}

const overHttp2 = (t: Test, base: string): Send => {
  const session = connectHttp2(t, `https://${base}`)
  return async (address, method, headers) => {
    const { status, reset } = await ask(session, address, { ':method': method, ...headers })
    return reset === constants.NGHTTP2_HTTP_1_1_REQUIRED ? 200 : status
  }
}

async function answersOf (t: Test, askers: Record<string, Asker>, parts: Parameters<typeof build>[2], over = overHttp1, isAsked: (route: Route) => boolean = () => true) {
  const cameraFile = camerasOf(t)
  const routes = inOrder(await routesOf(t, async () => (await build(t, [], { ...parts, cameraFile })).app)).filter(route => route.method !== 'TRACE' && isAsked(route)) // fetch sends no TRACE
  const { app } = await build(t, [], { ...parts, cameraFile, fleet: fleetOf(['own', 'foreign']) })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const send = over(t, `127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  const statusFor = async ({ method, url }: Route, camera: string, { sends = () => ({}) }: Asker) => {
    const plain = url.replace(':id', camera).replace('*', 'index.css') + (url === '/sessions/revoke' ? '?user=zoe' : '')
    const { url: address = plain, headers = {} } = sends(plain)
    const status = await send(address, method, headers)
    if (status === undefined) return 'reset'
    return [401, 403, 404].includes(status) && url !== '/session' ? String(status) : 'ok' // /session is the login itself
  }
  const cells = async (route: Route, asker: Asker): Promise<string[]> => {
    if (!route.url.includes(':id')) return [await statusFor(route, '', asker)]
    const answers: string[] = []
    for (const camera of ['own', 'foreign', 'absent']) answers.push(await statusFor(route, camera, asker))
    return answers
  }
  const table: Array<{ route: Route, who: string, asker: Asker, got: string[] }> = []
  for (const route of routes) for (const [who, asker] of Object.entries(askers)) table.push({ route, who, asker, got: await cells(route, asker) })
  return table
}

/** What the table must say, from the few lines above. */
function expectedOf ({ scope, url, takesLink, needsEveryCamera, method }: Route, { expected, elsewhere }: Asker): string[] {
  if (scope === 'public') return url.includes(':id') ? ['ok', 'ok', 'ok'] : ['ok']
  const answers = (elsewhere && !(takesLink && ['GET', 'HEAD'].includes(method)) ? elsewhere : expected)[scope as Exclude<Scope, 'public'>]
  if (needsEveryCamera && answers === OWN) return ['403']
  if (['PUT', 'PATCH'].includes(method) && answers === OPEN) return ['ok', 'ok', 'ok'] // refused only for what they lack: a body
  return url.includes(':id') ? [...answers] : answers.slice(0, 1)
}

/** The routes that answer alike in one line. */
function printed (table: Awaited<ReturnType<typeof answersOf>>): string {
  const routes = new Map<string, string[]>()
  for (const { route, who, got } of table) {
    const name = `${route.method} ${route.url}`
    routes.set(name, [...routes.get(name) ?? [], `${who}: ${got.join('/')}`])
  }
  const alike = new Map<string, string[]>()
  for (const [name, answers] of routes) alike.set(answers.join('\n    '), [...alike.get(answers.join('\n    ')) ?? [], name])
  return [...alike].map(([answers, names]) => `${names.join(', ')}\n    ${answers}`).join('\n')
}

t.test('each route answers each kind of asker as it must', async t => {
  const parts = { waysIn: waysIn(auth, { clock, trusts: trustedProxies(['127.0.0.1']), warn () {} }) }
  const table = [
    ...await answersOf(t, closed, parts),
    ...await answersOf(t, { 'anyone, auth: none': open['anyone, auth: none']! }, { waysIn: openTo('control') }),
    ...await answersOf(t, { 'anyone, on loopback': open['anyone, on loopback']! }, { waysIn: openTo('admin') })
  ]
  t.ok(table.length > 300, `${table.length} pairs`)
  t.comment(`for their own / a foreign / an absent camera; routes that only say which methods there are are left out\n${printed(table.filter(({ route }) => route.scope !== 'public'))}`)
  for (const { route, who, asker, got } of table) {
    const name = `${route.method} ${route.url} ${who}`
    t.same(got, expectedOf(route, asker), name)
  }
})

t.test('each asker gets the same over HTTP/2', async t => {
  const { key, cert } = await certificate({ from: Date.now() })
  const parts = { waysIn: waysIn(auth, { clock, trusts: trustedProxies(['127.0.0.1']), warn () {} }), keyPair: keyPair(key, cert, names) }
  const asked = ['GET /', 'GET /status', 'GET /status/:id', 'HEAD /events', 'GET /camera/:id', 'HEAD /camera/:id', 'GET /video_feed', 'GET /camera/:id/snapshot', 'POST /stop/:id', 'POST /sessions/revoke']
  const table = await answersOf(t, closed, parts, overHttp2, ({ method, url }) => asked.includes(`${method} ${url}`))
  t.equal(table.length, asked.length * Object.keys(closed).length)
  for (const { route, who, asker, got } of table) t.same(got, expectedOf(route, asker), `${route.method} ${route.url} ${who}`)
})
