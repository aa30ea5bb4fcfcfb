import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { askForSnapshot } from '../../../src/view/paths/fetched/snapshot-request.js'

/** Asks a server that answers so, and returns what it was asked as well. */
async function ask (answer: RequestListener, options?: Parameters<typeof askForSnapshot>[1]) {
  const asked: Array<string | undefined> = []
  const server = createServer((request, response) => {
    asked.push(request.method, request.headers.accept, request.headers.authorization)
    answer(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const given = await askForSnapshot(`http://127.0.0.1:${(server.address() as AddressInfo).port}/camera/1/snapshot`, options)
  server.closeAllConnections()
  server.close()
  return { given, asked }
}

t.test('a request for a snapshot', async t => {
  t.test('brings the picture, its age and its time', async t => {
    const { given, asked } = await ask((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'X-Frame-Age': '12', 'X-Timestamp': '1.5' }).end('jpeg')
    })
    t.match(given, { kind: 'picture', ageMs: 12, timestamp: '1.5' })
    t.equal(given.kind === 'picture' && await given.blob.text(), 'jpeg')
    t.same(asked, ['GET', 'image/jpeg', undefined])
  })
  t.test('has the token, and may ask for the age alone', async t => {
    const { given, asked } = await ask((_request, response) => { response.writeHead(200).end() }, { token: 'a.b.c', method: 'HEAD' })
    t.match(given, { kind: 'picture', ageMs: undefined, timestamp: null })
    t.same(asked, ['HEAD', 'image/jpeg', 'Bearer a.b.c'])
  })
  t.test('brings the drawing of why there is none', async t => {
    const { given } = await ask((_request, response) => { response.writeHead(503, { 'Content-Type': 'image/jpeg' }).end('drawing') })
    t.match(given, { kind: 'refused', status: 503 })
    t.equal(given.kind === 'refused' && await given.blob.text(), 'drawing')
  })
  t.test('says that nobody answers', async t => {
    const { given } = await ask(({ socket }) => { socket.destroy() })
    t.same(given, { kind: 'unreachable' })
  })
})
