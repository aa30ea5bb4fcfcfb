import { once } from 'node:events'
import { constants } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { Principal } from '../../src/access/principal.js'
import { keyPair } from '../../src/tls/key-pair.js'
import { SUBPROTOCOL } from '../../src/wire/messages.js'
import { until } from '../e2e/until.js'
import { turn } from '../fake-launch.js'
import { build, type BuildParts } from '../http/build.js'
import { connectHttp2 } from '../http2/client.js'
import { certificate, names } from '../tls/certificates.js'

const anna: Principal = { kind: 'user', name: 'anna', right: 'view', cameras: 'all', issuedAt: 0 }
/** Of listeners to /events at one address. */
const MAX_LISTENERS = 200

/** Camera 1 has one seat, and it takes a while to find out who asks. `visit` resolves once the door has looked at a visitor who left meanwhile. */
async function slowDoor (t: Test, parts?: BuildParts) {
  const asked: (() => void)[] = []
  let isSlow = true
  const identify = (): Principal | Promise<Principal> => isSlow ? new Promise(resolve => { asked.push(() => resolve(anna)) }) : anna
  const { app } = await build(t, [{ id: '1', maxViewers: 1 }], { waysIn: { identify: [identify], challenge () {} }, ...parts })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const connections = () => new Promise<number>((resolve, reject) => app.server.getConnections((error, count) => error ? reject(error) : resolve(count)))
  const answerAll = async () => {
    for (const answer of asked.splice(0)) answer()
    await turn()
  }
  const visit = async (path: string, headers = '', times = 1) => {
    const sockets = Array.from({ length: times }, () => connect(port, '127.0.0.1'))
    for (const socket of sockets) socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`)
    await until('all are asked who they are', () => asked.length === times)
    for (const socket of sockets) socket.resetAndDestroy()
    await until('all have left', async () => await connections() === 0)
    await answerAll()
  }
  return { app, port, visit, asked, answerAll, open: () => { isSlow = false } }
}

t.test('whoever leaves before the door knows who they are takes nobody\'s seat', async t => {
  t.test('by HTTP/1.1', async t => {
    const { visit, port, open } = await slowDoor(t)
    await visit('/camera/1')
    await visit('/video_feed')
    await visit('/camera/1/snapshot')
    await visit('/wall', `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n`)
    await visit('/events', '', MAX_LISTENERS)
    open()
    for (const path of ['camera/1', 'events']) {
      const stay = new AbortController()
      t.equal((await fetch(`http://127.0.0.1:${port}/${path}`, { signal: stay.signal })).status, 200, path)
      stay.abort()
    }
  })

  t.test('by HTTP/2', async t => {
    const { key, cert } = await certificate({ from: Date.now() })
    const { port, asked, answerAll, open } = await slowDoor(t, { keyPair: keyPair(key, cert, names) })
    const session = connectHttp2(t, `https://127.0.0.1:${port}`)
    const stream = session.request({ ':path': '/camera/1/snapshot' }).on('error', () => {})
    await until('it is asked who it is', () => asked.length === 1)
    stream.close(constants.NGHTTP2_CANCEL)
    await once(stream, 'close')
    await new Promise(resolve => { session.ping(resolve) }) // the server has seen that, too
    await answerAll()
    open()
    const next = session.request({ ':path': '/camera/1/snapshot' })
    const [headers] = await once(next, 'response')
    t.equal(headers['content-type'], 'image/jpeg', 'a drawing, as the camera sends nothing, and no refusal')
    next.close()
  })
})
