import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { listen, type Addresses } from '../../src/http/listen.js'
import { until } from '../e2e/until.js'
import { build } from './build.js'

const FAMILIES = ['127.0.0.1', '::1'] as const
const noIpv6 = await hasIpv6() ? false : 'NOT TESTED: this machine has no ::1'

async function serve (t: Test, addresses: Addresses = FAMILIES) {
  const built = await build(t)
  await listen(built.app, addresses, 0)
  const { port } = built.app.server.address() as AddressInfo
  /** Sends these bytes and collects the response until the connection ends or `enough` matches. */
  const say = async (host: string, bytes: string, enough = /(?!)/) => {
    const socket = connect(port, host)
    t.teardown(() => socket.destroy())
    let answer = ''
    socket.setEncoding('latin1').on('data', text => { answer += text }).on('error', () => {})
    socket.write(bytes)
    await until(`${host} has answered`, () => socket.closed || enough.test(answer))
    return { socket, answer: () => answer }
  }
  return { ...built, port, say }
}

t.test('localhost', { skip: noIpv6 }, async t => {
  t.test('has the same limits at each of its addresses', async t => {
    const { fleet, app, say } = await serve(t)
    let connections = 0
    app.server.on('connection', () => { connections++ })
    for (const [i, host] of FAMILIES.entries()) {
      t.match((await say(host, 'GET /status/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).answer(), /200 OK[^]*"name":"Yard"/, host)
      t.match((await say(host, 'no request\r\n\r\n')).answer(), /^HTTP\/1\.1 400 [^]*BAD_REQUEST/, 'in the form of all errors')
      const { socket } = await say(host, 'GET /camera/1 HTTP/1.1\r\nHost: x\r\n\r\n', /image\/jpeg/)
      t.equal(fleet.get('1').hub.viewers, 1)
      socket.write('GET /status HTTP/1.1\r\nHost: x\r\n\r\n')
      await until('a stream with another request after it is gone', () => socket.closed && fleet.get('1').hub.viewers === 0)
      t.equal(connections, 3 * (i + 1), 'all belong to one server')
    }
  })

  t.test('is released at each address when the service closes', async t => {
    const { app, port, say } = await serve(t)
    const viewers = await Promise.all(FAMILIES.map(host => say(host, 'GET /camera/1 HTTP/1.1\r\nHost: x\r\n\r\n', /image\/jpeg/)))
    await app.close()
    await until('the viewers are gone', () => viewers.every(({ socket }) => socket.closed))
    for (const host of FAMILIES) await t.rejects(once(connect(port, host), 'connect'), { code: 'ECONNREFUSED' }, host)
  })

  t.test('needs no address that this machine lacks', async t => {
    const { say } = await serve(t, ['127.0.0.1', '2001:db8::1'])
    t.match((await say('127.0.0.1', 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).answer(), /200 OK/)
  })

  t.test('is not shared with another program', async t => {
    const other = createServer().listen(0, '::1')
    t.teardown(() => other.close())
    await once(other, 'listening')
    const { app } = await build(t)
    await t.rejects(listen(app, FAMILIES, (other.address() as AddressInfo).port), { code: 'EADDRINUSE' })
  })
})

t.test('a client that half-closes after its request, as `nc -N` does, gets its answer', async t => {
  const { app, fleet, played } = await build(t)
  await listen(app, ['127.0.0.1'], 0)
  fleet.start()
  const ask = (request: string) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1')
    socket.end(`${request}\r\nHost: x\r\n\r\n`)
    let answer = ''
    return new Promise<string>(resolve => socket.on('data', text => { answer += text }).on('close', () => resolve(answer)))
  }
  t.match(await ask('GET /status HTTP/1.1'), /200 OK[^]*"cameras"/)
  t.match(await ask('POST /stop/2 HTTP/1.0'), /404 Not Found[^]*CAMERA_NOT_FOUND/)
  const snapshot = ask('GET /camera/1/snapshot HTTP/1.1')
  await until('it is asked for', () => fleet.get('1').hub.viewers === 1)
  played.frame('1')
  t.match(await snapshot, /200 OK[^]*image\/jpeg/, 'even if it comes later')
  t.match(await ask('no request'), /400 Bad Request/, 'even if it is an error')
})

async function hasIpv6 () {
  const server = createServer().listen(0, '::1')
  const listens = await once(server, 'listening').then(() => true, () => false)
  server.close()
  return listens
}
