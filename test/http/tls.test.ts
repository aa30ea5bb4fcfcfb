import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { listen, type Addresses } from '../../src/http/listen.js'
import { keyPair } from '../../src/tls/key-pair.js'
import { linkOf, unsentBytes } from '../../src/viewers/linux-tcp.js'
import { until } from '../e2e/until.js'
import { answerTo } from '../e2e/viewer.js'
import { certificate, names } from '../tls/certificates.js'
import { build } from './build.js'

const { key, cert } = await certificate({ from: Date.now() })

async function serve (t: Test, { maxConnections, addresses = ['127.0.0.1'] }: { maxConnections?: () => number, addresses?: Addresses } = {}) {
  const built = await build(t, undefined, { maxConnections, keyPair: keyPair(key, cert, names) })
  await listen(built.app, addresses, 0)
  const { port } = built.app.server.address() as AddressInfo
  const open = async (host = '127.0.0.1', versions: { maxVersion?: SecureVersion, minVersion?: SecureVersion } = {}): Promise<TLSSocket> => {
    const socket = connectTls({ port, host, ca: cert, servername: 'cams.example.org', ...versions }).on('error', () => {})
    t.teardown(() => socket.destroy())
    await once(socket, 'secureConnect')
    return socket
  }
  /** Sends these bytes and collects the answer until the connection ends or `enough` matches. */
  const say = async (bytes: string, enough = /(?!)/, host?: string) => {
    const socket = await open(host)
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => { answer += text })
    socket.write(bytes)
    await until(`there is an answer to ${bytes}`, () => socket.closed || enough.test(answer))
    return { socket, answer: () => answer }
  }
  const knock = async (host = '127.0.0.1') => {
    const socket = connect(port, host).on('error', () => {})
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    return socket.resume()
  }
  const connections = async () => await new Promise<number>((resolve, reject) => built.app.server.getConnections((error, count) => error ? reject(error) : resolve(count)))
  return { ...built, port, open, say, knock, connections }
}

t.test('over TLS', async t => {
  t.test('requests are answered, with the same limits and errors', async t => {
    const { app, fleet, played, say } = await serve(t)
    t.match((await say('GET /status/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).answer(), /200 OK[^]*"name":"Yard"/)
    t.match((await say('no request\r\n\r\n')).answer(), /^HTTP\/1\.1 400 [^]*BAD_REQUEST/)
    const many = await say('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3) + 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    t.equal(many.answer().match(/200 OK/g)?.length, 4, 'one after the other')
    const { socket, answer } = await say('GET /camera/1 HTTP/1.1\r\nHost: x\r\n\r\n', /image\/jpeg/)
    fleet.start()
    played.frame('1')
    played.frame('1')
    await until('the pictures came', () => (answer().match(/image\/jpeg/g)?.length ?? 0) > 2)
    t.equal(fleet.get('1').hub.viewers, 1)
    socket.write('GET /status HTTP/1.1\r\nHost: x\r\n\r\n')
    await until('a stream with another request after it is gone', () => socket.closed && fleet.get('1').hub.viewers === 0)
    const viewer = await say('GET /camera/1 HTTP/1.1\r\nHost: x\r\n\r\n', /image\/jpeg/)
    await app.close()
    await until('it ends with the service', () => viewer.socket.readableEnded || viewer.socket.closed)
  })

  t.test('a client that half-closes after its request gets its answer', async t => {
    const { fleet, played, open } = await serve(t)
    fleet.start()
    const socket = await open()
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => { answer += text })
    socket.end('GET /camera/1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n')
    await until('it is asked for', () => fleet.get('1').hub.viewers === 1)
    played.frame('1')
    await until('the snapshot came', () => /200 OK[^]*image\/jpeg/.test(answer))
  })

  t.test('no version before 1.2 is spoken', async t => {
    const { open } = await serve(t)
    t.equal((await open()).getProtocol(), 'TLSv1.3')
    t.equal((await open(undefined, { maxVersion: 'TLSv1.2' })).getProtocol(), 'TLSv1.2')
    await t.rejects(open(undefined, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }))
  })

  t.test('plain HTTP is told what to do', async t => {
    const { port } = await serve(t)
    t.match(await answerTo(`http://127.0.0.1:${port}`, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 400 [^]*"HTTPS_ONLY"[^]*begin the address with https/)
  })

  t.test('a handshake has 10 seconds, however it drips', async t => {
    const { clock, knock, say, connections } = await serve(t)
    const [silent, dripping, { socket: done }] = [await knock(), await knock(), await say('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n', /200 OK/)]
    dripping.write(Buffer.from([0x16, 3, 1, 2]))
    await until('all are there', async () => await connections() === 3)
    clock.advance(9_999)
    t.notOk(silent.closed || dripping.closed)
    dripping.write(Buffer.from([0]))
    clock.advance(1)
    await until('they are closed', () => silent.closed && dripping.closed)
    t.notOk(done.closed)
    t.equal(await connections(), 1)
  })

  t.test('a client that leaves before its handshake leaves no connection', async t => {
    const { app, knock } = await serve(t, { addresses: ['127.0.0.1', '127.0.0.2'] })
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
        const accepted = once(app.server, 'connection') as Promise<[Socket]>
        const socket = await knock(host)
        const [connection] = await accepted
        socket[leave]()
        await until(`it is gone after ${leave} at ${host}`, () => connection.closed)
      }
    }
  })

  t.test('a client without a handshake does not hold up the end of the service', async t => {
    const { app, knock, connections } = await serve(t)
    const socket = await knock()
    await until('it is there', async () => await connections() === 1)
    await app.close()
    await until('it is closed', () => socket.closed)
  })

  t.test('connections are counted, with or without a handshake', async t => {
    const { knock, open } = await serve(t, { maxConnections: () => 3 })
    const isServed = async () => await open().then(socket => !socket.destroyed, () => false)
    const seats: Socket[] = [await knock(), await open(), await knock()]
    const refused = await knock()
    await until('the fourth is closed', () => refused.closed)
    for (const seat of seats) seat.destroy()
    await until('there is room again', isServed)
  })

  t.test('the kernel can be asked about a viewer', async t => {
    const { app, open } = await serve(t)
    const accepted = once(app.server, 'secureConnection') as Promise<[Socket]>
    const client = await open()
    client.pause()
    const [socket] = await accepted
    if (!linkOf(socket)) return t.comment('NOT TESTED: koffi is not there, or this is not Linux')
    t.equal(unsentBytes(socket), 0)
    socket.write(Buffer.alloc(64 * 1024 ** 2))
    await until('some of it cannot be sent', () => unsentBytes(socket) > 0)
    await until('some of it has arrived', () => linkOf(socket)!.deliveredBytes > 1_000)
  })

  t.test('each address of localhost has the same server', async t => {
    const { say } = await serve(t, { addresses: ['127.0.0.1', '127.0.0.2'] })
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      t.match((await say('GET /status/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', undefined, host)).answer(), /200 OK[^]*"name":"Yard"/, host)
      t.match((await say('no request\r\n\r\n', undefined, host)).answer(), /BAD_REQUEST/)
    }
  })
})
