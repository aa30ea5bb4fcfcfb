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
  t.test('counts the bytes that the kernel has accepted and cannot send', async t => {
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
    const [socket] = await accepted
    t.equal(unsentBytes(socket), 0)
    socket.write(Buffer.alloc(64 * 1024 ** 2)) // more than any window
    t.ok(unsentBytes(socket) > 0)
    client.destroy()
    socket.destroy()
    t.equal(unsentBytes(socket), 0, 'a closed socket has none')
  })
  t.test('comes with the kernel\'s measurements of a connection', async t => {
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume()
    const [socket] = await accepted
    const before = linkOf(socket)!
    t.ok(before.deliveredBytes < 2, 'the handshake counts, perhaps')
    socket.write(Buffer.alloc(100_000))
    await until('all of it has arrived', () => linkOf(socket)!.deliveredBytes >= 100_000)
    const { deliveredBytes, roundTripMs, minRoundTripMs } = linkOf(socket)!
    t.ok(deliveredBytes <= 100_001)
    t.ok(minRoundTripMs > 0 && minRoundTripMs <= roundTripMs && roundTripMs < 5_000, `${minRoundTripMs} to ${roundTripMs} ms`)
    client.destroy()
    socket.destroy()
    t.equal(linkOf(socket), undefined, 'a closed socket has no measurements')
  })
  t.test('is left alone on a server that does not listen', async t => {
    t.notOk(limitUnsent(createServer()))
  })
})

/** A socket's TCP_NOTSENT_LOWAT, from the kernel. */
function lowat (socket: Socket): number {
  const getsockopt = koffi.load('libc.so.6').func('int getsockopt(int fd, int level, int name, _Out_ int *value, _Inout_ uint32_t *length)')
  const value = [0]
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
  if (getsockopt(fd, 6, 25, value, [4]) !== 0) throw new Error('getsockopt failed')
  return value[0]!
}
