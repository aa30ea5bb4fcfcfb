import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startFarSimulator } from '../far-simulator.js'
import { NetworkNamespace, noNamespaces } from '../network-namespace.js'
import { startService, type LogLine } from '../service.js'
import { until } from '../until.js'
import { answerTo, view } from '../viewer.js'

/** A viewer that accepts nothing is disconnected 15 to 20 s after the kernel's buffers are full. */
const DISCONNECT_TIMEOUT_MS = 30_000
/** Connections that `fetch` may keep open for later requests. */
const SPARE_CONNECTIONS = 3
const DISCONNECTED = /let go after 15 s in which they took next to nothing: 1/

const size = { width: 320, height: 176, fps: 5 }
const camera = await startFarSimulator(t, [
  { id: 'small', name: 'Small', ...size }, { id: 'large', name: 'Large', width: 960, height: 544, fps: 5 }, { id: 'off', name: 'Off', ...size }
])
const folder = t.testdir({
  'cameras.yaml': `cameras:
  small: { source: '${camera('small')}', fps: 5 }
  large: { source: '${camera('large')}', fps: 5, quality: 2 }
  off: { source: '${camera('off')}', enabled: false }`,
  'simulated.yaml': 'cameras: { far: { source: { type: simulated, codec: mjpeg }, width: 320, fps: 10 } }'
})

t.test('no viewer harms another:', { timeout: 150_000 }, async t => {
  const service = await startService(t, { config: join(folder, 'cameras.yaml') })
  await service.until(({ cameras }) => cameras.small!.state === 'running' && cameras.large!.state === 'running', 'both cameras run')
  const stream = (id: string) => new URL(`camera/${id}`, service.url)
  const fds = () => readdirSync(`/proc/${service.pid}/fd`).length
  const statusOf = async (id: string) => (await service.status()).cameras[id]!
  const warnings = () => service.log.filter(({ level }) => level >= 40)

  // They watch from now on, whatever the other viewers do.
  const witnesses = [view(t, stream('small')), view(t, stream('large'))]
  /** Checks that both have been sent every picture so far, and none late. */
  const unharmed = async (t: Test) => {
    const seen = witnesses.map(({ parts }) => parts.length)
    await until('the witnesses see more', () => witnesses.every(({ parts }, i) => parts.length > seen[i]! + 2))
    t.same(witnesses.map(({ faults, skipped }) => ({ faults, skipped })), [{ faults: [], skipped: 0 }, { faults: [], skipped: 0 }])
    const { cameras } = await service.status()
    for (const id of ['small', 'large']) {
      const [its] = cameras[id]!.watching
      t.equal(its?.droppedTotal, 0, `${id} drops nothing for its witness`)
      t.ok(its!.lagMs! < 500, `${id}: ${its!.lagMs} ms`)
    }
  }
  await until('both see pictures', () => witnesses.every(({ parts }) => parts.length > 0))
  const began = performance.now()
  const stalled = view(t, stream('large'), { bytesPerSecond: 0 })
  const dribblers = [
    dribble(t, service.url, 'GET /camera/small HTTP/1.1\r\n'),
    dribble(t, service.url, 'POST /start/small HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n')
  ]
  const vanished = noNamespaces === false ? vanish(t) : undefined
  vanished?.catch(() => {}) // reported below

  t.test('one that is slow', async t => {
    const slow = view(t, stream('large'), { bytesPerSecond: 100_000 })
    await until('it has skipped pictures', () => slow.parts.length > 5 && slow.skipped > 10, 30_000)
    t.same(slow.faults, [], 'whole pictures, rising numbers')
    const { watching } = await statusOf('large')
    t.match(watching.at(-1), { from: '127.0.0.x', droppedTotal: Number })
    t.ok(watching.at(-1)!.droppedTotal > 0)
    t.ok(watching.at(-1)!.fps < watching[0]!.fps, `${watching.at(-1)!.fps} of ${watching[0]!.fps} fps`)
    t.ok(service.log.some(({ msg }) => /Pictures were skipped.*large/.test(msg)), 'the log reports it')
    await slow.leave()
    await unharmed(t)
  })

  t.test('fifty that reset their connection in the middle of a frame', async t => {
    const [before, viewers] = [fds(), (await statusOf('large')).viewers]
    for (let i = 0; i < 50; i++) {
      const viewer = view(t, stream('large'), { bytesPerSecond: 1 })
      await until('its answer has begun', () => viewer.head !== '')
      await viewer.leave('resetAndDestroy')
    }
    await service.until(({ cameras }) => cameras.large!.viewers <= viewers, 'they are gone')
    await until('their file descriptors are closed', () => fds() <= before + SPARE_CONNECTIONS)
    t.same(warnings(), [])
    await unharmed(t)
  })

  t.test('five hundred that come and leave', async t => {
    const [before, viewers] = [fds(), (await statusOf('small')).viewers]
    for (let i = 0; i < 10; i++) {
      const crowd = Array.from({ length: 50 }, () => view(t, stream('small')))
      await until('each sees a picture', () => crowd.every(({ parts }) => parts.length > 0))
      t.same(crowd.flatMap(({ faults }) => faults), [])
      await Promise.all(crowd.map(viewer => viewer.leave()))
    }
    await service.until(({ cameras }) => cameras.small!.viewers <= viewers, 'they are gone')
    await until('their file descriptors are closed', () => fds() <= before + SPARE_CONNECTIONS)
    t.same(warnings(), [])
    await unharmed(t)
  })

  t.test('two hundred that dribble their request', async t => {
    const before = fds()
    const slowloris = Array.from({ length: 200 }, () => view(t, stream('small'), { request: 'GET /camera/small HTTP/1.1\r\nHost: x\r\n' }))
    await until('all are connected', () => fds() >= before + 200)
    const more = setInterval(() => { for (const { socket } of slowloris) socket.write('X-A: b\r\n') }, 100)
    t.teardown(() => clearInterval(more))
    for (let i = 0; i < 10; i++) {
      const asked = performance.now()
      t.equal((await service.status()).status, 'ok')
      t.ok(performance.now() - asked < 5_000, 'others are answered')
    }
    await unharmed(t)
    clearInterval(more)
    await Promise.all(slowloris.map(viewer => viewer.leave()))
    await until('their file descriptors are free', () => fds() <= before + SPARE_CONNECTIONS)
  })

  t.test('one that sends more requests after its stream began', async t => {
    const before = (await statusOf('small')).viewers
    const watch = 'GET /camera/small HTTP/1.1\r\nHost: x\r\n\r\n'
    const greedy = view(t, stream('small'), { request: `GET /status/off HTTP/1.1\r\nHost: x\r\n\r\n${watch}GET /status HTTP/1.1\r\nHost: x\r\n\r\n${watch.repeat(3)}` })
    await until('it sees pictures', () => greedy.parts.length > 5)
    t.match(greedy.head, /^HTTP\/1\.1 200 OK.*"state":"stopped".*HTTP\/1\.1 200 OK.*multipart/s, 'its earlier requests are answered first')
    t.same(greedy.faults, [], 'nothing comes between its pictures')
    t.equal((await statusOf('small')).viewers, before + 1, 'it is one viewer: no later request on its connection is answered')
    await greedy.leave()
    await service.until(({ cameras }) => cameras.small!.viewers <= before, 'viewers who have left are not counted', 5_000)
    await unharmed(t)
  })

  t.test('one that sends an invalid request', async t => {
    for (const { request, status, answered } of nonsense()) {
      const answer = await answerTo(service.url, request, 10_000)
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), request.slice(0, 80))
      t.notMatch(answer, /root:.*:0:0|"dependencies"|"extends"/, 'it contains none of our files')
      if (answered) t.match(answer, answered, request.slice(0, 80))
    }
    t.equal(await answerTo(service.url, 'CONNECT /camera/small HTTP/1.1\r\nHost: x\r\n\r\n'), '', 'camgate is not a proxy')
    t.same(warnings(), [])
    await unharmed(t)
  })

  t.test('one that sends an unusual request', async t => {
    const before = (await statusOf('small')).viewers
    for (const request of unusual) {
      const answer = await answerTo(service.url, `${request}\r\n\r\n`, 10_000)
      t.match(answer, /^HTTP\/1\.1 200 OK\r\n.*multipart.*\r\n\r\n--camgate-frame\r\nContent-Type: image\/jpeg\r\n/s, request)
      t.notMatch(answer, /Transfer-Encoding/i, request)
    }
    for (const path of ['camera/small', 'camera/small/snapshot', 'status']) {
      t.match(await answerTo(service.url, `HEAD /${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s, path)
    }
    await service.until(({ cameras }) => cameras.small!.viewers <= before, 'viewers who have left are not counted')
    await unharmed(t)
  })

  t.test('one that vanishes without closing its connection', { skip: noNamespaces }, async t => {
    const { log, viewers } = await vanished!
    t.match(log.filter(({ msg }) => DISCONNECTED.test(msg)), [{ msg: /far/ }])
    t.equal(viewers, 0)
  })

  t.test('one that reads nothing', async t => {
    const logged = () => service.log.find(({ msg }) => DISCONNECTED.test(msg))
    await until('it is disconnected', () => logged() !== undefined, DISCONNECT_TIMEOUT_MS - (performance.now() - began))
    t.ok(performance.now() - began > 14_000, 'not too early')
    t.match(logged(), { level: 30, msg: /large \(\d+; let go/ })
    await service.until(({ cameras }) => cameras.large!.viewers === 1, 'only the other one is left')
    t.equal(service.log.filter(({ msg }) => DISCONNECTED.test(msg)).length, 1, 'no other viewer was')
    stalled.socket.resume()
    await until('its connection is gone', () => stalled.socket.closed)
    await unharmed(t)
  })

  t.test('one that never finishes its request', async t => {
    const [headers, body] = await Promise.all(dribblers)
    t.match(headers, /^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s)
    t.match(body, /^HTTP\/1\.1 200 .*"state":"running".*\}$/s, 'it is answered without its body, and then disconnected')
    await unharmed(t)
  })
})

/** Sends a request without an end, about a header a second. Resolves with the answer. */
async function dribble (t: Test, url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  t.teardown(() => socket.destroy())
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => { answer += text }).on('error', () => {})
  socket.write(request)
  const more = setInterval(() => socket.write('X-A: b\r\n'), 1_000)
  await once(socket, 'close')
  clearInterval(more)
  return answer
}

/** Requests that are refused, and the answers to them. */
function nonsense (): Array<{ request: string, status: number, answered?: RegExp }> {
  const ask = (path: string, method = 'GET', more = '') => `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n`
  const files = [
    '/../../etc/passwd', '/../../../../../../../../etc/passwd', '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/..\\..\\..\\etc\\passwd', '//etc/passwd', '/%00', '/index.html%00', '/main.js%00.html', '/../package.json', '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json', '/./../package.json', '/tsconfig.json', '/.git/config', '/main.js/../../package.json', '/file:///etc/passwd'
  ]
  const ids = ['..', '%2e%2e', '..%2f..%2fetc%2fpasswd', '%00', 'small%00', 'small%2fsnapshot', '__proto__', 'constructor', '%0d%0aX-A:%20b', 'none']
  const rates = ['0', '-1', '-0', 'NaN', '1e9', 'abc', '', 'Infinity', '-Infinity', '60.01', '1e-320', '1,5', '5&fps=5', '%00', 'null']
  return [
    ...files.map(path => ({ request: ask(path), status: 404, answered: /"code":"NOT_FOUND".*"message":"There is nothing at GET/ })),
    ...ids.flatMap(id => [`/camera/${id}`, `/camera/${id}/snapshot`, `/status/${id}`]).map(path =>
      ({ request: ask(path), status: 404, answered: /"CAMERA_NOT_FOUND".*The cameras are: small, large, off\./ })),
    ...['/%', '/camera/%ff', '/camera/%zz/snapshot'].map(path => ({ request: ask(path), status: 400, answered: /"message":".*not a valid url/ })),
    { request: ask(`/camera/${'a'.repeat(5_000)}`), status: 414 },
    ...rates.flatMap(fps => [`/camera/small?fps=${fps}`, `/video_feed?fps=${fps}`, `/camera/off?fps=${fps}`]).map(path =>
      ({ request: ask(path), status: 400, answered: /"message":".*fps must be/ })),
    { request: ask('/camera/small?fps'), status: 400, answered: /fps must be/ },
    ...['PUT', 'DELETE', 'PATCH', 'POST'].map(method =>
      ({ request: ask('/camera/small', method), status: 405, answered: new RegExp(`allow: GET, HEAD.*"${method} is not for this address`, 's') })),
    ...['TRACE', 'PROPFIND'].map(method => ({ request: ask('/camera/small', method), status: 404 })),
    ...['FOO', 'get'].map(method => ({ request: ask('/camera/small', method), status: 400 })),
    { request: ask('/stop/small', 'HEAD'), status: 405 },
    { request: ask('/status', 'GET', `X-A: ${'a'.repeat(20_000)}\r\n`), status: 431, answered: /"HEADERS_TOO_LARGE".*"message":"/ },
    { request: ask(`/status?${'a'.repeat(20_000)}`), status: 431 },
    { request: 'GET /camera/small HTTP/1.1\r\nConnection: close\r\n\r\n', status: 400 },
    { request: 'GET /status HTTP/1.1\nHost: x\n\n', status: 400 },
    { request: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', status: 400, answered: /"BAD_REQUEST"/ }, // TLS
    { request: ask('/status', 'GET', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n') + '0\r\n\r\nGET /stop/small HTTP/1.1\r\n\r\n', status: 400 }
  ]
}

/** Requests that are unusual, but answered. */
const unusual = [
  'GET /camera/small HTTP/1.0',
  'GET /camera/small?fps=60&fsp=0 HTTP/1.1\r\nHost:',
  'GET http://elsewhere/camera/small HTTP/1.1\r\nHost: elsewhere',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nRange: bytes=0-10',
  'GET /camera/small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\nnot json!'
]

/** Runs a service until it disconnects a viewer in another network that has stopped answering. */
async function vanish (t: Test): Promise<{ log: readonly LogLine[], viewers: number }> {
  const inside = new NetworkNamespace(t)
  const script = "for await (const _ of (await fetch(process.argv[1])).body) console.log('bytes')"
  const [here, there] = ['10.99.0.1', '10.99.0.2']
  const far = spawn('unshare', ['--net', 'sh', '-c', `echo there; read url; ip address add ${there}/24 dev cable; ip link set cable up; exec "$0" --input-type=module -e "$1" "$url"`, process.execPath, script], {
    env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['pipe', 'pipe', 'inherit']
  })
  t.teardown(() => far.kill('SIGKILL'))
  await once(far.stdout, 'data')
  inside.ip('link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', String(far.pid))
  inside.ip('address', 'add', `${here}/24`, 'dev', 'cable')
  inside.ip('link', 'set', 'cable', 'up')
  const service = await startService(t, { config: join(folder, 'simulated.yaml'), args: ['--host', here], prefix: inside.enter })
  far.stdin.end(`${service.url}camera/far\n`)
  await once(far.stdout, 'data')
  inside.ip('neighbour', 'replace', there, 'lladdr', '02:00:00:00:00:01', 'dev', 'cable') // no host has it, so packets are lost
  await until('it is disconnected', () => service.log.some(({ msg }) => DISCONNECTED.test(msg)), DISCONNECT_TIMEOUT_MS)
  const status = JSON.parse(await inside.fetch(new URL('status/far', service.url))) as { viewers: number }
  return { log: service.log, viewers: status.viewers }
}
