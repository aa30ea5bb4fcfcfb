import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { signLink } from '../../../src/access/link.js'
import type { UserSettings } from '../../../src/access/settings.js'
import { KnownHosts } from '../../../src/sites/hosts.js'
import { keyPair } from '../../../src/tls/key-pair.js'
import { guarded, basic, people } from '../../door/guarded.js'
import { until } from '../../e2e/until.js'
import { jpeg, turn, wordsJpeg } from '../../fake-launch.js'
import { ask, connectHttp2 } from '../../http2/client.js'
import { seriesOf } from '../../metrics/series.js'
import { passwordHash } from '../../passwords.js'
import { certificate, names } from '../../tls/certificates.js'
import { hs256, NOW_S, SECRET, standard } from '../../tokens/tokens.js'
import { SUBPROTOCOL } from '../../../src/wire/messages.js'
import { build } from '../build.js'
import { WallClient } from '../wall-client.js'

async function listen (...given: Parameters<typeof build>) {
  const built = await build(...given)
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  return built
}

/** An SPS of level 3 and profile Baseline: the codec string needs no more. */
const sps = Buffer.from('6742c01e8c8d40a0fde540', 'hex')
const key = { parameterSets: [sps], format: { profile: 'Baseline', width: 64, height: 48, depth: 8 } }

t.test('a wall', async t => {
  t.test('shows JPEGs of one camera and the H.264 of another on one connection', async t => {
    const { app, fleet, played } = await listen(t)
    fleet.start()
    const client = await WallClient.of(t, app).opened()
    t.equal(client.webSocket.protocol, SUBPROTOCOL)
    t.equal(client.webSocket.extensions, '', 'nothing is compressed twice')
    client.tile(0, '1', { accept: ['jpeg'], width: 1280, height: 720 })
    client.tile(1, 'lab')
    await until('both tiles know the state', () => client.told('state').length >= 2)
    await turn()
    played.track('lab')
    played.coded(true, 'lab', key)
    played.frame('1')
    await until('a picture of each', () => new Set(client.pictures.map(({ tile }) => tile)).size === 2)
    t.match(client.pictures.find(({ tile, statusFrame }) => tile === 0 && !statusFrame), { kind: 'jpeg', key: true, epoch: 1, bytes: jpeg })
    t.match(client.pictures.find(({ tile }) => tile === 1), { kind: 'h264', key: true, epoch: 1, bytes: Buffer.from('key') })
    t.match(client.told('config').find(({ id }) => id === 1), { kind: 'h264', codec: 'avc1.42c01e', from: { kind: 'main' } })
    t.match((await app.inject('/status/lab')).json(), { viewers: 1, watching: [{ from: '127.0.0.x', by: 'wall', lagMs: 0, shownAgeMs: null }] })
    t.match(seriesOf((await app.inject('/metrics')).body), { 'camgate_viewers{camera="lab",transport="wall"}': 1, 'camgate_picture_age_seconds_count{transport="wall"}': 2, 'camgate_picture_age_seconds_count{transport="mjpeg"}': 0 })
  })

  t.test('tells why a camera shows nothing, whatever the tile accepts, and gives commands to it', async t => {
    const { app, clock, played } = await listen(t)
    const client = await WallClient.of(t, app).opened()
    client.tile(7, 'lab', { accept: ['h264'] })
    await until('the drawing is there', () => client.pictures.length === 1)
    t.match(client.pictures, [{ tile: 7, kind: 'jpeg', statusFrame: true, bytes: wordsJpeg }])
    t.match(client.told('state'), [{ id: 7, state: 'stopped', failure: null }])
    client.send({ op: 'command', nr: 1, verb: 'start', camera: 'lab' })
    await until('the command is done', () => client.told('done').length === 1)
    t.same(client.told('done'), [{ op: 'done', nr: 1, state: 'starting' }])
    await turn()
    played.exit(['Connection refused'], 'lab')
    await until('the failure is told', () => client.told('state').some(({ failure }) => failure?.code === 'refused'))
    t.match(client.told('state').at(-1), { state: 'waiting', retryAt: clock.wall() + 1_000 })
    client.send({ op: 'command', nr: 2, verb: 'stop', camera: 'none' })
    await until('the other is refused', () => client.told('error').length === 1)
    t.match(client.told('error'), [{ nr: 2, code: 'CAMERA_NOT_FOUND' }])
  })

  t.test('takes as many seats as it shows tiles, and none for hidden ones', async t => {
    const { app, fleet, played } = await listen(t, [{ id: '1', maxViewers: 1 }])
    fleet.start()
    played.frame()
    const client = await WallClient.of(t, app).opened()
    client.tile(0, '1')
    client.tile(1, '1')
    await until('the second is refused', () => client.told('error').length === 1)
    t.match(client.told('error'), [{ id: 1, code: 'TOO_MANY_VIEWERS' }])
    client.send({ op: 'hide', ids: [0] })
    await until('the seat is free', () => fleet.get('1').hub.viewers === 0)
    client.tile(2, '1')
    client.send({ op: 'show', ids: [0] })
    await until('the first is refused now', () => client.told('error').length === 2)
    t.match(client.told('error').at(-1), { id: 0 })
    client.webSocket.terminate()
    await until('nobody watches', () => fleet.get('1').hub.viewers === 0)
    t.match(await WallClient.of(t, app).opened().then(client => { client.tile(3, '1'); return client }), {})
    await until('the next one has the seat', () => fleet.get('1').hub.viewers === 1)
  })

  t.test('needs the upgrade and the subprotocol', async t => {
    const { app } = await listen(t)
    t.match((await app.inject('/wall')).json(), { statusCode: 426, code: 'UPGRADE_REQUIRED' })
    t.equal((await WallClient.of(t, app, '/wall', { protocols: [] }).opened()).refused, 400)
    t.equal((await WallClient.of(t, app, '/wall', { protocols: ['chat'] }).opened()).refused, 400)
    t.ok((await WallClient.of(t, app, '//wall/').opened()).isOpen)
  })

  t.test('works beside HTTP/2 on a port with TLS', async t => {
    const { key, cert } = await certificate({ from: Date.now() })
    const { app } = await listen(t, undefined, { keyPair: keyPair(key, cert, names) })
    const client = await WallClient.of(t, app, '/wall', { scheme: 'wss', rejectUnauthorized: false }).opened()
    const session = connectHttp2(t, `https://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
    t.match(await ask(session, '/wall'), { status: 426 })
    t.match(await ask(session, '/wall', { ':method': 'CONNECT', ':protocol': 'websocket' }).catch(() => ({ reset: constants.NGHTTP2_PROTOCOL_ERROR })), { reset: constants.NGHTTP2_PROTOCOL_ERROR }, 'browsers are not told that this would work, and do not try')
    client.tile(0, '1')
    await until('a drawing comes', () => client.pictures.length === 1)
  })
})

t.test('who may open a wall', async t => {
  const olaf: UserSettings = { name: 'olaf', password: passwordHash, right: 'control', cameras: new Set(['1']) }
  const serve = async (t: Test, sites = {}) => {
    const users = new Map([...people, olaf].map(user => [user.name, user]))
    const built = await guarded(t, ['1', '2', 'secret'], { users, jwt: { key: { secret: SECRET }, ...standard }, links: { keys: new Map([['k', SECRET]]) } }, { sites: { hosts: new KnownHosts([]), origins: [], embed: [], ...sites } })
    await built.app.listen({ port: 0, host: '127.0.0.1' })
    return { ...built, open: (options?: Parameters<typeof WallClient.of>[3], path = '/wall') => WallClient.of(t, built.app, path, options).opened() }
  }
  const camerasOf = async (client: WallClient) => {
    for (const [id, camera] of ['1', '2', 'secret'].entries()) client.tile(id, camera)
    await until('each tile is answered', () => client.told('state').length + client.told('error').length >= 3)
    t.match(client.told('error').map(({ code }) => code), client.told('error').map(() => 'CAMERA_NOT_FOUND'))
    t.notMatch(JSON.stringify(client.told('error').map(({ message }) => message)), /There is no camera \\"secret\\".*secret/)
    return client.told('state').map(({ id }) => id)
  }

  t.test('nobody without a proof', async t => {
    const { open } = await serve(t)
    t.equal((await open()).refused, 401)
    t.equal((await open({ headers: basic('olaf', 'wrong') })).refused, 401)
  })

  t.test('users, for their cameras', async t => {
    const { open } = await serve(t)
    t.same(await camerasOf(await open({ headers: basic('anna') })), [1])
    t.same(await camerasOf(await open({ headers: basic('olaf') })), [0])
  })

  t.test('whoever has a token, as a subprotocol that is not echoed', async t => {
    const { open } = await serve(t)
    const client = await open({ protocols: [SUBPROTOCOL, `camgate.bearer.${hs256({ sub: 'robot', exp: NOW_S + 60, cameras: ['secret'] })}`] })
    t.equal(client.webSocket.protocol, SUBPROTOCOL)
    t.same(await camerasOf(client), [2])
    t.equal((await open({ protocols: [`camgate.bearer.${hs256({ sub: 'robot', exp: NOW_S + 60 })}`, SUBPROTOCOL] })).webSocket.protocol, SUBPROTOCOL, 'in any order')
    t.equal((await open({ protocols: [SUBPROTOCOL, `camgate.bearer.${hs256({ sub: 'robot', exp: NOW_S - 60 })}`] })).refused, 401)
    t.equal((await open({ protocols: [SUBPROTOCOL, 'camgate.bearer.'] })).refused, 401)
  })

  t.test('whoever has a link, for the cameras that it lists', async t => {
    const { open } = await serve(t)
    const sign = (query: string, sub = 'ben') => signLink(`/wall${query}`, { kid: 'k', sub, iat: NOW_S, exp: NOW_S + 60 }, SECRET)
    t.same(await camerasOf(await open({}, sign('?cameras=1,secret'))), [0, 2])
    t.same(await camerasOf(await open({}, sign('?cameras=1,2', 'anna'))), [1], 'anna sees no other')
    t.same(await camerasOf(await open({}, sign(''))), [], 'it lists none')
    t.equal((await open({}, sign('?cameras=1').replace('cameras=1', 'cameras=1%2C2'))).refused, 401)
    const client = await open({}, sign('?cameras=1'))
    client.send({ op: 'command', nr: 1, verb: 'stop', camera: '1' })
    await until('it may not', () => client.told('error').length === 1)
    t.match(client.told('error'), [{ nr: 1, code: 'FORBIDDEN' }])
  })

  t.test('but commands need the right for each camera', async t => {
    const { open } = await serve(t)
    const outcome = async (name: string, camera: string) => {
      const client = await open({ headers: basic(name) })
      client.send({ op: 'command', nr: 5, verb: 'stop', camera })
      await until('there is an answer', () => client.messages.length === 1)
      const [answer] = client.messages
      return answer?.op === 'error' ? answer.code : answer?.op
    }
    t.equal(await outcome('olaf', '1'), 'done')
    t.equal(await outcome('olaf', '2'), 'CAMERA_NOT_FOUND')
    t.equal(await outcome('anna', '2'), 'FORBIDDEN')
    t.equal(await outcome('anna', '1'), 'FORBIDDEN')
  })

  t.test('and not a moment longer than the proof is good', async t => {
    const { clock, open } = await serve(t)
    const client = await open({ protocols: [SUBPROTOCOL, `camgate.bearer.${hs256({ sub: 'robot', exp: NOW_S + 62, cameras: ['1'], right: 'control' })}`] })
    for (let s = 0; s < 60; s += 5) { // its proof is looked at every 5 seconds
      clock.advance(5_000)
      await new Promise(resolve => setTimeout(resolve, 5)) // pongs
    }
    clock.advance(3_000)
    t.ok(client.isOpen, 'nobody has looked since it ended')
    client.send({ op: 'command', nr: 1, verb: 'stop', camera: '1' })
    await until('it is sent away', () => client.closed !== undefined)
    t.match(client, { closed: { code: 4401 }, messages: [{ op: 'error', code: 'EXPIRED' }] })
    t.same(client.told('done'), [])
  })

  t.test('until the proof ends', async t => {
    const { app, clock, open } = await serve(t)
    const token = await open({ protocols: [SUBPROTOCOL, `camgate.bearer.${hs256({ sub: 'robot', exp: NOW_S + 60 })}`] })
    const user = await open({ headers: basic('olaf') })
    clock.advance(1_000)
    t.equal((await app.inject({ method: 'POST', url: '/sessions/revoke?user=olaf', headers: basic('Bérénice') })).statusCode, 200)
    await until('the user is sent away', () => user.closed !== undefined)
    t.match(user, { closed: { code: 4401 }, messages: [{ op: 'error', code: 'REVOKED', message: /logged you out/ }] })
    for (let s = 0; s < 100 && !token.closed; s += 5) {
      clock.advance(5_000)
      await new Promise(resolve => setTimeout(resolve, 5)) // pongs
    }
    t.match(token, { closed: { code: 4401 }, messages: [{ op: 'error', code: 'EXPIRED' }] })
  })

  t.test('no page of another site: cross-site WebSocket hijacking, DNS rebinding', async t => {
    const { open } = await serve(t, { origins: ['https://app.example.org'] })
    const headers = basic('olaf')
    t.equal((await open({ headers, origin: 'https://evil.example' })).refused, 403)
    t.equal((await open({ headers, origin: 'null' })).refused, 403)
    t.equal((await open({ headers: { ...headers, 'sec-fetch-site': 'cross-site' } })).refused, 403)
    t.equal((await open({ headers: { ...headers, host: 'evil.example' }, origin: 'http://evil.example' })).refused, 421)
    t.ok((await open({ headers, origin: 'https://app.example.org' })).isOpen)
    t.equal((await open({ protocols: [SUBPROTOCOL, `camgate.bearer.${hs256({ sub: 'robot', exp: NOW_S + 60 })}`], origin: 'https://evil.example' })).refused, 403, 'with a token too')
  })
})
