import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { secret } from './credentials.js'
// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { searchSaid } from './leaks.mjs'
import { startService } from './service.js'

const credentials = { username: secret('admin'), password: secret('wr0ng p@ss') }
const token = secret('t0ken')

/** An RTSP camera that refuses and counts every login, or one that repeats the URL in its refusal. */
const rtspCamera = (logins: Map<string, number>): Server => createServer(socket => {
  let text = ''
  socket.on('error', () => {}).setEncoding('latin1').on('data', (piece: string) => {
    text += piece
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const request = text.slice(0, end)
      text = text.slice(end + 4)
      const [, method = '', url = '', path = ''] = /^(\S+) (rtsp:\/\/[^/ ]*\/(\S*))/.exec(request) ?? []
      const cseq = /^cseq: *(\d+)/im.exec(request)?.[1] ?? '1'
      if (/^authorization:/im.test(request)) logins.set(path, (logins.get(path) ?? 0) + 1)
      const status = method === 'OPTIONS' ? '200 OK' : path.startsWith('echo') ? `451 Bad ${url} ${credentials.password}` : '401 Unauthorized'
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\nWWW-Authenticate: Digest realm="camera", nonce="${Math.random()}"\r\n\r\n`, 'latin1')
    }
  })
})

const httpCamera = (logins: Map<string, number>): Server => createHttpServer(({ url = '', headers: { authorization } }, response) => {
  const path = url.slice(1)
  if (authorization) logins.set(path, (logins.get(path) ?? 0) + 1)
  if (path.startsWith('echo')) response.writeHead(500, `Bad path ${url} by ${authorization}`)
  else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' })
  response.end()
})

t.test('a camera that refuses its password', { timeout: 90_000 }, async t => {
  const logins = new Map<string, number>()
  const port = async (server: Server) => {
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    t.teardown(() => server.close())
    return (server.address() as AddressInfo).port
  }
  const rtsp = `rtsp://127.0.0.1:${await port(rtspCamera(logins))}`
  const http = `http://127.0.0.1:${await port(httpCamera(logins))}`
  const refusing = { direct: { ingest: 'direct' }, auto: {}, ffmpeg: { ingest: 'ffmpeg' }, demand: { onDemand: true } }
  const cameras = {
    ...Object.fromEntries(Object.entries(refusing).map(([id, more]) => [id, { source: `${rtsp}/${id}`, ...credentials, ...more, renditions: { small: { width: 160 } } }])),
    http: { source: `${http}/http`, ...credentials },
    none: { source: `${rtsp}/none` },
    'echo-rtsp': { source: `${rtsp}/echo/\${CAMERA_TOKEN}/live?channel=1&pwd=${secret('q')}`, ...credentials },
    'echo-http': { source: `${http}/echo?channel=1&pwd=${secret('q')}`, ...credentials }
  }
  const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': JSON.stringify({ cameras }) }), 'cameras.yaml'), env: { CAMERA_TOKEN: token } })
  const post = async (verb: string, id: string) => await (await fetch(new URL(`${verb}/${id}`, service.url), { method: 'POST' })).json() as { state: string, nextRetryAt: string | null, failure: object | null }
  const look = async (path: string) => { await (await fetch(new URL(path, service.url), { signal: AbortSignal.timeout(10_000) })).arrayBuffer() }

  t.test('is distinguished from one that asks for a password, and its URL hides secrets', async t => {
    void look('camera/demand/snapshot').catch(() => {})
    const { cameras } = await service.until(({ cameras }) => Object.values(cameras).every(({ state }) => state === 'waiting'), 'all wait', 40_000)
    for (const id of [...Object.keys(refusing), 'http']) t.match(cameras[id]!.failure, { code: 'auth', message: /refuses this username or password/ }, id)
    t.match(cameras['none']!.failure, { code: 'auth', message: /^The camera asks for a username and password/ })
    t.match(cameras['echo-rtsp']!.failure, { message: /./ })
    t.match(cameras['echo-http']!.failure, { message: /^The camera answers with 500 Bad path \/echo\?channel=1&pwd=\*\*\*/ })
    t.equal(cameras['echo-rtsp']!.address, `${rtsp}/echo/…/live?channel=1`)
    t.equal(cameras['http']!.address, `${http}/http`)
    for (const id of Object.keys(cameras)) await look(`camera/${id}/snapshot`)
  })

  t.test('sees one login per attempt, and none by hand within a minute', async t => {
    const ids = [...Object.keys(refusing), 'http']
    t.same(ids.map(id => logins.get(id)), ids.map(() => 1), 'one each')
    for (let time = 0; time < 20; time++) {
      for (const id of ids) {
        const answer = await post(['start', 'restart', 'stop', 'start'][time % 4]!, id)
        if (time % 4 !== 2 && id !== 'demand') { // which is idle without viewers
          t.match(answer, { state: 'waiting', failure: { code: 'auth' }, nextRetryAt: String }, `${id}, ${time}`)
          t.ok(Date.parse(answer.nextRetryAt!) - Date.now() <= 60_000, 'within a minute')
        }
        if (id === 'demand' || time % 5 === 0) await look(`camera/${id}/snapshot${time % 2 && id !== 'http' ? '?rendition=small' : ''}`)
      }
      await pause(50)
    }
    t.same(ids.map(id => logins.get(id)), ids.map(() => 1), 'still one')
  })

  t.test('hides a password that a camera repeats', async t => {
    await service.end()
    t.same(searchSaid().leaks, [])
  })
})
