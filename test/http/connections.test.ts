import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { limitConnections, maxConnectionsFor, openFileLimit } from '../../src/http/connections.js'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { build } from './build.js'

t.test('the limit of open files', async t => {
  const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max processes             63432                63432                processes
Max open files            ${soft.padEnd(20)} 1048576              files
Max locked memory         8388608              8388608              bytes
`
  t.equal(openFileLimit(limits('1024')), 1_024)
  t.equal(openFileLimit(limits('unlimited')), Infinity)
  t.equal(openFileLimit(''), Infinity, 'not on Linux')
  if (process.platform === 'linux') t.ok(openFileLimit() > 100)
})

t.test('connections leave enough files for the cameras', async t => {
  const cameras = (count: number, renditions = 0) => Array(count).fill({ renditions: Array(renditions).fill({ name: 'x' }) })
  t.equal(maxConnectionsFor(1_024, cameras(4)), 864)
  t.equal(maxConnectionsFor(1_024, cameras(4, 5)), 1_024 - 64 - 4 * (16 + 20))
  t.equal(maxConnectionsFor(Infinity, cameras(4)), Infinity)
  t.equal(maxConnectionsFor(256, cameras(64)), 64, 'there is a minimum')
})

t.test('connections beyond the limit', async t => {
  async function serve (t: Test) {
    const clock = new FakeClock()
    let lines = 0
    const server = createServer((_request, response) => { response.end('well') })
    limitConnections(server, { max: () => 3, clock, warn: () => { lines++ }, mayHaveMany: () => true })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.teardown(() => {
      server.close()
      server.closeAllConnections()
    })
    const open = async () => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
      t.teardown(() => socket.destroy())
      await once(socket, 'connect')
      return socket
    }
    const isClosed = async (socket: Socket) => {
      await until('it is closed', () => socket.resume().closed)
      return true
    }
    const answers = async (socket: Socket) => {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      const [text] = await once(socket, 'data')
      return String(text).endsWith('well')
    }
    return { clock, open, isClosed, answers, lines: () => lines }
  }

  t.test('are closed with at most one warning a minute, and there is room once one has left', async t => {
    const { clock, open, isClosed, answers, lines } = await serve(t)
    const [first, ...others] = [await open(), await open(), await open()]
    for (let i = 0; i < 5; i++) t.ok(await isClosed(await open()))
    t.equal(lines(), 1)
    clock.advance(60_000)
    t.ok(await isClosed(await open()))
    t.equal(lines(), 2)
    first!.destroy()
    await until('there is room', async () => {
      const socket = await open()
      return await Promise.race([answers(socket), isClosed(socket).then(() => false)])
    })
    for (const socket of others) t.notOk(socket.closed, 'the others stay open')
  })

  t.test('close idle connections as well', async t => {
    const { open, isClosed, answers } = await serve(t)
    const idle = [await open(), await open()]
    for (const socket of idle) t.ok(await answers(socket))
    const busy = await open()
    busy.write('GET / HTTP/1.1\r\n')
    t.ok(await isClosed(await open()))
    for (const socket of idle) t.ok(await isClosed(socket))
    t.ok(await answers(await open()), 'a second try succeeds')
    t.notOk(busy.closed)
  })
})

t.test('one address has no more than a thousand connections, unless it is a proxy', async t => {
  const server = new EventEmitter()
  limitConnections(server as Server, { max: () => Infinity, clock: new FakeClock(), warn () {}, mayHaveMany: address => address === '10.0.0.9' })
  const open = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, destroyed: false, destroy () { socket.destroyed = true } })
    server.emit('connection', socket)
    return socket
  }
  const first = Array.from({ length: 1_000 }, (_, i) => open(`2001:db8::${i.toString(16)}`))
  t.notOk(first.some(({ destroyed }) => destroyed))
  const refused = open('2001:db8::ffff')
  t.ok(refused.destroyed, 'a network of IPv6 is one address')
  t.notOk(open('2001:db8:0:1::1').destroyed)
  for (const socket of [refused, first[0]!]) socket.emit('close')
  t.notOk(open('2001:db8::ffff').destroyed)
  t.notOk(Array.from({ length: 1_001 }, () => open('10.0.0.9')).some(({ destroyed }) => destroyed))
})

t.test('viewers leave some connections for control', async t => {
  const { app, fleet } = await build(t, [{ id: '1', name: 'Yard' }], { maxViewers: 1_000, maxConnections: () => 64 })
  await app.listen({ port: 0, host: '127.0.0.1' })
  for (let i = 0; i < 40; i++) {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    t.teardown(() => socket.destroy())
    socket.write('GET /camera/1 HTTP/1.1\r\nHost: x\r\n\r\n')
  }
  await until('32 watch', () => fleet.get('1').hub.viewers === 32)
  t.match((await app.inject('/camera/1')).json(), { code: 'TOO_MANY_VIEWERS', message: /\(32\).*ulimit -n/ })
  t.equal((await app.inject('/status')).statusCode, 200)
})
