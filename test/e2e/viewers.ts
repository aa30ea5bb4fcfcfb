import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startFarSimulator } from './far-simulator.js'
import { NetworkNamespace, noNamespaces } from './network-namespace.js'
import { nonsense, unusual } from './odd-requests.js'
import { startService, type LogLine } from './service.js'
import { until } from './until.js'
import { answerTo, view } from './viewer.js'

/** A viewer that accepts nothing is disconnected 15 to 20 s after the kernel's buffers are full. */
const DISCONNECT_TIMEOUT_MS = 30_000
/** Connections that `fetch` may keep open for later requests. */
const SPARE_CONNECTIONS = 3
const DISCONNECTED = /let go after 15 s in which they took next to nothing: 1/

const size = { width: 320, height: 176, fps: 5 }

/** Tests many viewers that behave badly, all at one service, while two good ones watch. */
export async function harmNoOther (t: Test): Promise<void> {
  const camera = await startFarSimulator(t, [
    { id: 'small', name: 'Small', ...size }, { id: 'large', name: 'Large', width: 960, height: 544, fps: 10 }, { id: 'off', name: 'Off', ...size }
  ])
  const folder = t.testdir({
    'cameras.yaml': `cameras:
    small: { source: '${camera('small')}', fps: 5 }
    large: { source: '${camera('large')}', fps: 10, quality: 2 }
    off: { source: '${camera('off')}', enabled: false }`,
    'simulated.yaml': 'cameras: { far: { source: { type: simulated, codec: mjpeg }, width: 320, fps: 10 } }'
  })
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
  const vanished = noNamespaces === false ? vanish(t, join(folder, 'simulated.yaml')) : undefined
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
}

/** Sends a request without an end, about a header a second. Resolves with the answer. */
async function dribble (t: Test, url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  t.teardown(() => socket.destroy())
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => { answer += text }).on('error', () => {})
  socket.write(request)
  const more = setInterval(() => socket.write('X-A: b\r\n'), 1_000)
  await new Promise(resolve => { socket.on('close', resolve) }) // once() would reject when the service resets the connection
  clearInterval(more)
  return answer
}

/** Runs a service until it disconnects a viewer in another network that has stopped answering. */
async function vanish (t: Test, config: string): Promise<{ log: readonly LogLine[], viewers: number }> {
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
  const service = await startService(t, { config, args: ['--host', here], env: { CAMGATE_AUTH: 'none' }, prefix: inside.enter })
  far.stdin.end(`${service.url}camera/far\n`)
  await once(far.stdout, 'data')
  inside.ip('neighbour', 'replace', there, 'lladdr', '02:00:00:00:00:01', 'dev', 'cable') // no host has it, so packets are lost
  await until('it is disconnected', () => service.log.some(({ msg }) => DISCONNECTED.test(msg)), DISCONNECT_TIMEOUT_MS)
  const status = JSON.parse(await inside.fetch(new URL('status/far', service.url))) as { viewers: number }
  return { log: service.log, viewers: status.viewers }
}
