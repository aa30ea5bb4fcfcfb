import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { small } from '../simulator/small.js'
import { numbersIn } from './ages.js'
import { secret } from './credentials.js'
import { childrenOf, readersOf } from './processes.js'
import { startService, type Service } from './service.js'
import { until } from './until.js'
import { view } from './viewer.js'

const credentials = { username: secret('admin'), password: secret('p/a:s@s w?rd') }
/** Long enough that no number in a picture appears twice. */
const clipSeconds = 10

/** Starts a server that ends with the test, and resolves with its port. */
async function listen (t: Test, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => {}))
    serve(socket)
  })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Changes a camera's description to a wrong one. ffmpeg looks at the packets, camgate believes the description. */
const misdescribed = (t: Test, url: string): Promise<number> => listen(t, socket => {
  const camera = connect({ host: '127.0.0.1', port: Number(new URL(url).port) }).on('error', () => {})
  camera.on('data', chunk => socket.write(chunk.includes('packetization-mode=1') ? chunk.toString('latin1').replace('packetization-mode=1', 'packetization-mode=2') : chunk, 'latin1'))
  camera.on('close', () => socket.destroy())
  socket.on('data', chunk => camera.write(chunk)).on('close', () => camera.destroy())
})

const config = (t: Test, cameras: Record<string, object>): string =>
  join(t.testdir({ 'cameras.yaml': JSON.stringify({ defaults: { decode: 'always' }, cameras }) }), 'cameras.yaml')
const post = async (service: Service, what: string, id: string) => await (await fetch(new URL(`${what}/${id}`, service.url), { method: 'POST' })).json()

t.test('a camera that is read directly', { jobs: 4, timeout: 120_000 }, async t => {
  t.test('or not', { buffered: true }, async t => {
    const ids = ['plain', 'odd', 'odd2', 'stopped', 'killed', 'stalled']
    const simulator = await startSimulator({
      ffmpegPath: findFfmpeg()!,
      cameras: [
        ...ids.map((id): SimulatedCamera => ({ ...small, id, ...id === 'plain' && { auth: 'digest', ...credentials } })),
        { ...small, id: 'tls', tls: true }
      ]
    })
    t.teardown(() => simulator.close())
    const oddly = async (id: string) => simulator.url(id).replace(/:\d+/, `:${await misdescribed(t, simulator.url(id))}`)
    const noCamera = await listen(t, socket => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const service = await startService(t, {
      config: config(t, {
        plain: { source: simulator.url('plain'), ...credentials },
        odd: { source: await oddly('odd') },
        odd2: { source: await oddly('odd2'), ingest: 'direct' },
        garbage: { source: `rtsp://127.0.0.1:${noCamera}/`, ingest: 'direct' },
        tls: { source: simulator.url('tls') },
        trusted: { source: { type: 'rtsp', url: simulator.url('tls'), allowSelfSigned: true } },
        stopped: { source: simulator.url('stopped') },
        killed: { source: simulator.url('killed'), width: 300 },
        stalled: { source: simulator.url('stalled') }
      })
    })
    await simulator.setFault('stalled', { kind: 'stall', after: 1 })
    const going = ['plain', 'odd', 'trusted', 'stopped', 'killed']
    const failing = ['odd2', 'garbage', 'tls']
    const { cameras } = await service.until(({ cameras }) => going.every(id => cameras[id]!.state === 'running' && (id === 'odd' || cameras[id]!.input!.cameraTime !== null)) &&
      failing.every(id => cameras[id]!.failure), 'all are in their final states')
    const gone = (id: string) => simulator.stats(id).teardowns === 1 && simulator.stats(id).connections === 0

    t.test('reports what the camera sends', async t => {
      await service.until(({ cameras: { plain } }) => plain!.input!.bitsPerSecond! > 10_000 && plain!.input!.fps! > 15 && plain!.input!.fps! < 25 && plain!.decoder!.overloaded === null, 'its rates are known')
      const { input, decoder } = (await service.status()).cameras.plain!
      t.match(input, {
        ...{ ingest: 'direct', reason: null, transport: 'tcp', codec: 'h264', profile: /^(High|Main|.*Baseline)$/, width: 320, height: 240 },
        ...{ packetsLost: 0, picturesDamaged: 0, jitterMs: Number }
      })
      t.match(decoder, { name: 'software', state: 'running', for: 'always', overloaded: null })
      const ahead = Date.parse(input!.cameraTime!) - Date.now()
      t.ok(Math.abs(ahead) < 3_000, `its clock is ${ahead} ms ahead`)
    })

    t.test('logs in by Digest, and no process gets the password', async t => {
      t.match(simulator.stats('plain'), { rejections: 0, playing: 1, connectionsTotal: 1 })
      const commands = childrenOf(service.pid).map(({ command }) => command)
      t.ok(readersOf(service.pid).length >= 3)
      for (const word of [credentials.password, encodeURIComponent(credentials.password), credentials.username, simulator.url('plain')]) t.notOk(commands.some(command => command.includes(word)))
    })

    t.test('is left to ffmpeg if camgate cannot read it, which is logged once, and fails if ffmpeg is not wanted', async t => {
      t.match(cameras.odd, { state: 'running', input: { ingest: 'ffmpeg', codec: 'h264', reason: /packetization-mode=2/ } })
      await post(service, 'restart', 'odd')
      await service.until(({ cameras }) => cameras.odd!.state === 'running', 'it runs again')
      t.match((await service.status()).cameras.odd!.input, { ingest: 'ffmpeg', reason: /packetization-mode=2/ })
      t.equal(service.log.filter(({ camera, msg }) => camera === 'odd' && /read by ffmpeg, because.*packetization-mode=2/.test(msg)).length, 1)
      t.match(cameras.odd2!.failure, { code: 'unsupported', message: /packetization-mode=2.*ingest: auto/ })
    })

    t.test('fails if it is an HTTP server', async t => {
      t.match(cameras.garbage!.failure, { code: 'unsupported', message: /^What answers at port \d+ speaks HTTP, not RTSP/ })
    })

    t.test('fails if its certificate is self-signed, unless that is allowed', async t => {
      t.match(cameras.tls!.failure, { code: 'unsupported', message: /certificate.*allowSelfSigned/ })
      t.match(cameras.trusted, { state: 'running', input: { ingest: 'direct', transport: 'tcp' } })
    })

    t.test('goes on being read when its ffmpeg is killed', async t => {
      const [reader] = readersOf(service.pid).filter(({ command }) => command.includes('min(iw,300)'))
      process.kill(reader!.pid, 'SIGKILL')
      const { cameras } = await service.until(({ cameras }) => cameras.killed!.decoder?.failure != null, 'the failure is noticed')
      t.match(cameras.killed, { state: 'running', failure: null, restarts: 0, decoder: { failure: { code: 'exited', message: /SIGKILL/ } } })
      await service.until(({ cameras }) => cameras.killed!.decoder?.state === 'running', 'it is decoded again')
      t.match(simulator.stats('killed'), { connectionsTotal: 1, teardowns: 0 })
    })

    t.test('gets a TEARDOWN whichever way it ends', async t => {
      await post(service, 'stop', 'stopped')
      t.ok(gone('stopped'), 'stopped by hand')
      await service.until(({ cameras }) => cameras.stalled!.failure?.code === 'stalled', 'one stalls', 20_000)
      await until('it is told so', () => simulator.stats('stalled').teardowns >= 1)
      t.match(await service.end(), { code: 0 })
      for (const id of ['plain', 'odd', 'stopped', 'killed', 'stalled', 'tls']) {
        await until(`${id} is left`, () => simulator.stats(id).connections === 0)
        t.ok(simulator.stats(id).teardowns >= 1, id)
      }
    })
  })

  t.test('marks pictures that depend on a lost one, or holds them back', { buffered: true }, async t => {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: 'h264', clipSeconds, quirks: ['lossy'] }, { ...small, id: 'h265', codec: 'h265', clipSeconds, quirks: ['lossy'] }] })
    t.teardown(() => simulator.close())
    const cameras = Object.fromEntries(['h264', 'h265'].flatMap(id => [
      [`${id}-show`, { source: simulator.url(id), fps: 60, renditions: { half: { width: 160 } } }], [`${id}-hold`, { source: simulator.url(id), fps: 60, onLoss: 'hold' }]
    ]))
    const service = await startService(t, { config: config(t, cameras) })
    await service.until(({ cameras }) => Object.values(cameras).every(({ state }) => state === 'running'), 'all run')
    const watch = (path: string) => view(t, new URL(`camera/${path}`, service.url))
    for (const id of ['h264', 'h265']) {
      const [show, half, hold] = [watch(`${id}-show`), watch(`${id}-show?rendition=half`), watch(`${id}-hold`)]
      await service.until(({ cameras }) => cameras[`${id}-show`]!.input!.damaged !== null, 'its status says so')
      await service.until(({ cameras }) => cameras[`${id}-show`]!.input!.damaged === null, 'it is over')
      const turns = ({ live }: typeof show) => live.filter(({ damaged }, index) => damaged !== (live[index - 1]?.damaged ?? false)).length
      for (const viewer of [show, half]) await until('viewers saw damaged pictures, and clean ones again, twice', () => turns(viewer) >= 4, 30_000)
      const before = (await service.status()).cameras[`${id}-hold`]!.input!.picturesDamaged!
      await service.until(({ cameras }) => cameras[`${id}-hold`]!.input!.picturesDamaged! > before + 20, 'more were held back')
      for (const viewer of [show, half, hold]) await viewer.leave()
      t.same(hold.live.filter(({ damaged }) => damaged), [])
      const missing = hold.live.slice(1).map(({ sequence }, index) => sequence - hold.live[index]!.sequence - 1)
      t.same(missing.filter(count => count !== 0), [], 'pictures that are held back have no number')
      for (const { live } of [show, hold]) {
        const clean = live.filter(({ damaged }) => !damaged)
        const numbers = await numbersIn(clean.map(({ jpeg }) => jpeg))
        const loop = clipSeconds * small.fps
        const steps = numbers.slice(1).map((number, index) => number === null ? NaN : (number - numbers[index]! + loop) % loop)
        t.ok(clean.length > 40 && steps.every(step => step > 0 && step < loop / 2), `clean pictures never go back: ${numbers.join(' ')}`)
      }
      t.equal(service.log.filter(({ level, camera, msg }) => level === 40 && camera === `${id}-hold` && /damaged.*none is shown/.test(msg)).length, 1)
    }
  })
})
