import { once } from 'node:events'
import { constants, type ClientHttp2Session, type Settings } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { listen } from '../../src/http/listen.js'
import { KnownHosts } from '../../src/sites/hosts.js'
import { keyPair } from '../../src/tls/key-pair.js'
import { until } from '../e2e/until.js'
import { build, type BuildParts } from '../http/build.js'
import { certificate, names } from '../tls/certificates.js'
import { ask, connectHttp2 } from './client.js'

const { key, cert } = await certificate({ from: Date.now() })

async function serve (t: Test, parts: BuildParts = {}) {
  const built = await build(t, undefined, { keyPair: keyPair(key, cert, names), ...parts })
  await listen(built.app, ['127.0.0.1'], 0)
  const { port } = built.app.server.address() as AddressInfo
  const url = `https://127.0.0.1:${port}`
  const connections = async () => await new Promise<number>((resolve, reject) => built.app.server.getConnections((error, count) => error ? reject(error) : resolve(count)))
  return { ...built, port, url, connections, open: (settings?: Settings) => connectHttp2(t, url, settings) }
}

const pinged = (session: ClientHttp2Session) => new Promise<void>((resolve, reject) => { session.ping(error => error ? reject(error) : resolve()) })

t.test('HTTP/2', async t => {
  t.test('the page, the status and snapshots come over one connection', async t => {
    const { fleet, played, open, connections } = await serve(t)
    fleet.start()
    const session = open()
    const page = await ask(session, '/')
    t.match(page.headers, { ':status': 200, 'content-type': /html/, 'x-content-type-options': 'nosniff' })
    t.match((await ask(session, '/status/1')).body.toString(), /"name":"Yard"/)
    const snapshots = [ask(session, '/camera/1/snapshot'), ask(session, '/camera/1/snapshot')]
    await until('both are asked for', () => fleet.get('1').hub.viewers === 2)
    played.frame('1')
    for (const { status, headers, body } of await Promise.all(snapshots)) {
      t.equal(status, 200)
      t.match(headers, { 'content-type': 'image/jpeg', 'content-length': String(body.length), 'cache-control': 'no-store' })
      for (const name of ['connection', 'keep-alive', 'transfer-encoding']) t.notOk(name in headers, name)
    }
    t.equal((await ask(session, '/nothing')).status, 404)
    t.equal((await ask(session, '/%')).status, 400)
    t.equal((await ask(session, '/start/1', { ':method': 'POST', 'content-type': 'x' })).status, 200)
    t.equal((await ask(session, '/status/1', { expect: '100-continue' })).status, 200)
    t.equal((await ask(session, '/status/1', { expect: 'x' })).status, 200)
    t.equal(await connections(), 1)
  })

  t.test('streams are sent to HTTP/1.1, and are no viewers here', async t => {
    const { fleet, open } = await serve(t, { maxViewersPerAddress: 1 })
    const session = open()
    for (const path of ['/camera/1', '/camera/1', '/video_feed', '/camera/1?rendition=auto']) {
      for (const method of ['GET', 'HEAD']) {
        const { status, reset } = await ask(session, path, { ':method': method })
        t.equal(status, undefined)
        t.equal(reset, constants.NGHTTP2_HTTP_1_1_REQUIRED, `${method} ${path}`)
      }
    }
    t.equal(fleet.get('1').hub.viewers, 0)
    for (const path of ['/camera/none', '/camera/1?rendition=none']) t.equal((await ask(session, path)).status, 404, path)
    t.equal((await ask(session, '/camera/1?fps=x')).status, 400)
  })

  t.test('viewers of snapshots count at their address', async t => {
    const { fleet, played, open } = await serve(t, { maxViewersPerAddress: 1 })
    fleet.start()
    const session = open()
    const first = ask(session, '/camera/1/snapshot')
    await until('it is asked for', () => fleet.get('1').hub.viewers === 1)
    t.match((await ask(open(), '/camera/1/snapshot')).body.toString(), /TOO_MANY_VIEWERS[^]*127\.0\.0\.1/)
    played.frame('1')
    t.equal((await first).status, 200)
  })

  t.test('the name of the service is in :authority', async t => {
    const { port, open } = await serve(t, { sites: { hosts: new KnownHosts(['cams.example.org']), origins: [], embed: [] } })
    const session = open()
    const statusFor = async (authority: string, headers = {}) => (await ask(session, '/health/live', { ':authority': authority, ...headers })).status
    t.equal(await statusFor(`cams.example.org:${port}`), 200)
    t.equal(await statusFor('other.example.org'), 421)
    t.equal(await statusFor('other.example.org', { host: 'other.example.org' }), 421)
    for (const [authority, host] of [['cams.example.org', 'other.example.org'], ['other.example.org', 'cams.example.org']] as const) {
      t.match(await ask(session, '/health/live', { ':authority': authority, host }), { status: undefined, reset: constants.NGHTTP2_PROTOCOL_ERROR })
    }
    const own = `https://cams.example.org:${port}`
    const stop = async (origin: string) => (await ask(session, '/stop/1', { ':method': 'POST', ':authority': `cams.example.org:${port}`, origin })).status
    t.equal(await stop('https://other.example.org'), 403)
    t.equal(await stop(own), 200, 'its own page')
  })

  t.test('who offers no HTTP/2 gets HTTP/1.1', async t => {
    const { port } = await serve(t)
    for (const [offered, chosen] of [[undefined, false], [['http/1.1'], 'http/1.1'], [['http/1.1', 'h2'], 'h2']] as const) {
      const socket = connectTls({ port, host: '127.0.0.1', ca: cert, servername: 'cams.example.org', ...offered && { ALPNProtocols: [...offered] } })
      t.teardown(() => socket.destroy())
      await once(socket, 'secureConnect')
      t.equal(socket.alpnProtocol, chosen)
    }
  })

  t.test('requests and headers have the limits of HTTP/1.1', async t => {
    const { open } = await serve(t)
    const session = open()
    await once(session, 'remoteSettings')
    t.match(session.remoteSettings, { maxConcurrentStreams: 100, maxHeaderListSize: 16_384 })
    t.equal((await ask(session, '/health/live', { cookie: 'x'.repeat(15_000) })).status, 200)
    t.equal((await ask(session, '/health/live', { cookie: 'x'.repeat(17_000) })).status, undefined)
    t.equal((await ask(session, '/health/live')).status, 200, 'the connection goes on')
  })

  t.test('a connection without requests is closed after 30 seconds, whatever else it sends', async t => {
    const { clock, connections, open } = await serve(t)
    const session = open()
    await ask(session, '/health/live')
    clock.advance(29_999)
    await pinged(session)
    t.notOk(session.destroyed)
    await ask(session, '/health/live')
    clock.advance(29_999)
    await pinged(session)
    clock.advance(1)
    await until('it is closed', async () => session.destroyed && await connections() === 0)
  })

  t.test('a client that says goodbye and stays is closed too', async t => {
    const { clock, port, connections } = await serve(t)
    const socket = connectTls({ port, host: '127.0.0.1', ca: cert, servername: 'cams.example.org', ALPNProtocols: ['h2'], ...{ allowHalfOpen: true } }).on('error', () => {})
    t.teardown(() => socket.destroy())
    await once(socket, 'secureConnect')
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])) // SETTINGS
    socket.write(Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])) // GOAWAY
    await once(socket, 'data')
    await until('it has been heard', () => socket.readableEnded)
    t.equal(await connections(), 1)
    clock.advance(30_000)
    await until('it is closed', async () => await connections() === 0)
  })

  t.test('an answer has a minute, also if other requests keep the connection in use', async t => {
    const { clock, fleet, played, open } = await serve(t)
    fleet.start()
    const session = open({ initialWindowSize: 16 })
    const file = session.request({ ':path': '/favicon.svg' }).on('error', () => {})
    const half = session.request({ ':path': '/nothing', ':method': 'POST' }, { endStream: false }).on('error', () => {})
    const snapshot = session.request({ ':path': '/camera/1/snapshot' }).on('error', () => {})
    const stuck = [file, half, snapshot]
    const begun = stuck.map(async stream => { await once(stream, 'response') })
    await until('it is asked for', () => fleet.get('1').hub.viewers === 1)
    played.frame('1')
    await Promise.all(begun)
    clock.advance(59_999)
    await pinged(session)
    t.notOk(stuck.some(({ closed }) => closed))
    clock.advance(1)
    await until('they are reset', () => stuck.every(({ rstCode }) => rstCode === constants.NGHTTP2_CANCEL))
    session.settings({ initialWindowSize: 65_535 })
    t.equal((await ask(session, '/health/live')).status, 200)
  })

  t.test('events go on for longer than an answer may take, and end with the service', async t => {
    const { app, clock, open, fleet } = await serve(t)
    const stream = open().request({ ':path': '/events' }).on('error', () => {})
    let text = ''
    let isClosed = false
    stream.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('close', () => { isClosed = true })
    await until('the first event', () => text.includes('event: all'))
    clock.advance(120_000)
    void fleet.get('1').start()
    await until('another', () => text.includes('"state":"starting"'))
    t.notOk(isClosed)
    await app.close()
    await until('it ends', () => isClosed)
  })

  t.test('what is no HTTP/2 ends its own connection only', async t => {
    const { port, connections, open } = await serve(t)
    const session = open()
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
    for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', `${preface}no frame at all`]) {
      const socket = connectTls({ port, host: '127.0.0.1', ca: cert, servername: 'cams.example.org', ALPNProtocols: ['h2'] }).on('error', () => {})
      await once(socket, 'secureConnect')
      socket.resume().write(bytes)
      await until('it is closed', () => socket.closed)
    }
    const tunnel = session.request({ ':method': 'CONNECT', ':authority': '127.0.0.1:80' }).on('error', () => {})
    const [headers] = await once(tunnel, 'response') as [Record<string, unknown>]
    t.equal(headers[':status'], 405)
    t.equal((await ask(session, '/health/live')).status, 200)
    t.equal(await connections(), 1)
  })

  t.test('a client that resets its requests at once is cut off', async t => {
    const { open } = await serve(t)
    const session = open()
    await once(session, 'remoteSettings')
    let code = -1
    session.on('goaway', found => { code = found })
    for (let sent = 0; sent < 3_000 && !session.destroyed; sent++) {
      session.request({ ':path': '/health/live' }).on('error', () => {}).close(constants.NGHTTP2_CANCEL)
      if (sent % 50 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await until('it is closed', () => session.destroyed)
    t.ok(code > 0, `GOAWAY with ${code}`)
    t.equal((await ask(open(), '/health/live')).status, 200, 'others are served')
  })

  t.test('connections count as before, and idle ones make room', async t => {
    const { clock, open, fleet } = await serve(t, { maxConnections: () => 34 })
    fleet.start()
    const idle: ClientHttp2Session[] = []
    for (let count = 0; count < 33; count++) idle.push(open())
    for (const session of idle) await ask(session, '/health/live')
    const busy = open()
    const snapshot = ask(busy, '/camera/1/snapshot')
    await until('it is asked for', () => fleet.get('1').hub.viewers === 1)
    clock.advance(1_000)
    open()
    await until('idle ones are closed', () => idle.every(session => session.destroyed))
    t.notOk(busy.destroyed)
    t.equal((await ask(open(), '/health/live')).status, 200)
    busy.destroy()
    await snapshot
  })

  t.test('connections end with the service', async t => {
    const { app, fleet, open } = await serve(t)
    fleet.start()
    const [idle, busy] = [open(), open()]
    await ask(idle, '/health/live')
    const snapshot = ask(busy, '/camera/1/snapshot')
    await until('it is asked for', () => fleet.get('1').hub.viewers === 1)
    const stuck = open({ initialWindowSize: 16 })
    await once(stuck.request({ ':path': '/favicon.svg' }).on('error', () => {}), 'response')
    await app.close()
    await until('all are closed', () => [idle, busy, stuck].every(({ destroyed }) => destroyed))
    await snapshot
  })
})
