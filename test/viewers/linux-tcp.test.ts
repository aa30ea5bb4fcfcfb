import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { limitUnsent, linkOf, unsentBytes } from '../../src/viewers/linux-tcp.js'
import { until } from '../e2e/until.js'

const koffi = (() => {
  try {
    return createRequire(import.meta.url)('koffi')
  } catch {
    return undefined
  }
})()
const skip = (process.platform !== 'linux' || !koffi) && 'NOT TESTED: koffi is not there, or this is not Linux'

t.test('the limit of unsent bytes', { skip }, async t => {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')

  t.test('is set on the listening socket and inherited by those it accepts', async t => {
    t.ok(limitUnsent(server))
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [socket] = await accepted
    t.equal(lowat(socket), 16 * 1024)
    client.destroy()
    socket.destroy()
  })
  t.test('counts what the kernel has taken and cannot send', async t => {
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
    const [socket] = await accepted
    t.equal(unsentBytes(socket), 0)
    socket.write(Buffer.alloc(64 * 1024 ** 2)) // more than any window
    t.ok(unsentBytes(socket) > 0)
    client.destroy()
    socket.destroy()
    t.equal(unsentBytes(socket), 0, 'of a socket that is gone none are told')
  })
  t.test('comes with what the kernel knows of a connection', async t => {
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume()
    const [socket] = await accepted
    const before = linkOf(socket)!
    t.ok(before.delivered < 2, 'the handshake counts, perhaps')
    socket.write(Buffer.alloc(100_000))
    await until('all of it has arrived', () => linkOf(socket)!.delivered >= 100_000)
    const { delivered, roundTrip, shortestTrip } = linkOf(socket)!
    t.ok(delivered <= 100_001)
    t.ok(shortestTrip > 0 && shortestTrip <= roundTrip && roundTrip < 5_000, `${shortestTrip} to ${roundTrip} ms`)
    client.destroy()
    socket.destroy()
    t.equal(linkOf(socket), undefined, 'of a socket that is gone nothing is told')
  })
  t.test('is left alone on a server that does not listen', async t => {
    t.notOk(limitUnsent(createServer()))
  })
})

/** TCP_NOTSENT_LOWAT of a socket, asked of the kernel. */
function lowat (socket: Socket): number {
  const getsockopt = koffi.load('libc.so.6').func('int getsockopt(int fd, int level, int name, _Out_ int *value, _Inout_ uint32_t *length)')
  const value = [0]
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
  if (getsockopt(fd, 6, 25, value, [4]) !== 0) throw new Error('getsockopt failed')
  return value[0]!
}
