import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { isSocketBlocked } from '../../../src/view/page/socket-opens.js'

/** Whether the socket counts as blocked if a request for a snapshot is answered so, and the socket opens or not. */
async function isBlocked (answer: RequestListener, opens = false): Promise<boolean> {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const blocked = await isSocketBlocked(`ws://127.0.0.1:${port}/wall`, `http://127.0.0.1:${port}/camera/1/snapshot`, undefined, async () => opens)
  server.closeAllConnections()
  server.close()
  return blocked
}

t.test('a socket is blocked', async t => {
  const refuse = (status: number, type: string): RequestListener => (_request, response) => { response.writeHead(status, { 'Content-Type': type }).end() }
  t.test('if camgate answers all the same, with a picture or a drawing of the reason', async t => {
    t.equal(await isBlocked(refuse(200, 'image/jpeg')), true)
    t.equal(await isBlocked(refuse(503, 'image/jpeg')), true)
  })
  t.test('unless it opens by now', async t => {
    t.equal(await isBlocked(refuse(200, 'image/jpeg'), true), false)
  })
  t.test('unless camgate refuses the camera, or a proxy answers because camgate is gone, or nobody does', async t => {
    t.equal(await isBlocked(refuse(401, 'image/jpeg')), false)
    t.equal(await isBlocked(refuse(503, 'text/html')), false)
    t.equal(await isBlocked(({ socket }) => { socket.destroy() }), false)
  })
})
