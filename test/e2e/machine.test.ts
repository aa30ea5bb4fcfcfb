import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { readFrameNumber } from '../../src/clips/strip.js'
import { FPS, post, running, SIDE_BY_SIDE, simulateMachine, stream, warnings } from './machine.js'
import { decodeJpeg } from './picture.js'
import { childrenOf, isAlive, readersOf } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view, type Part } from './viewer.js'
import { withVariables } from '../with-variables.js'

t.jobs = 3

/** The simulator's clip, which repeats: 10 s. */
const CLIP_PICTURES = 10 * FPS

const { folder, config } = await simulateMachine(t, ['one', 'two', 'three', 'deaf', 'lines', 'line', 'silent'])
writeFileSync(join(folder, 'blocker.mjs'), 'process.on("SIGUSR2", () => { const until = Date.now() + 2_000; while (Date.now() < until); })')

const megabytes = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
const numberOf = ({ jpeg }: Part) => {
  const { width, height, pixels } = decodeJpeg(jpeg)
  return readFrameNumber({ width, height, pixels: pixels.filter((_, i) => i % 3 === 1) })! // of red, green and blue
}

t.test('a busy machine', { ...SIDE_BY_SIDE }, async t => {
  const env = { NODE_OPTIONS: `--max-old-space-size=64 --import=${pathToFileURL(join(folder, 'blocker.mjs'))}` }
  const service = await startService(t, { config: config('one', 'two', 'three'), env })
  await service.until(running('one', 'two', 'three'), 'all run')
  const viewers = Object.fromEntries(['one', 'two', 'three'].map(id => [id, view(t, stream(service, id))]))
  await until('all see pictures', () => Object.values(viewers).every(({ parts }) => parts.length > 3))

  t.test('that blocks camgate for two seconds makes no picture old and restarts nothing', async t => {
    const { one } = viewers
    const before = one!.last!
    const seen = one!.parts.length
    process.kill(service.pid, 'SIGUSR2')
    await until('it is blocked', async () => {
      const asked = performance.now()
      await service.status()
      return performance.now() - asked > 1_000
    })
    await until('pictures come again', () => one!.parts.length > seen + 2 * FPS)
    /** How many pictures the viewer is behind the camera. */
    const behind = () => {
      const after = one!.last!
      const passed = Math.round((after.timestamp - before.timestamp) / 1000 * FPS)
      return (passed - (numberOf(after) - numberOf(before)) + CLIP_PICTURES * 10) % CLIP_PICTURES
    }
    const cameNow = () => Date.now() - one!.last!.timestamp < 500
    await until('the picture is no older than before', () => cameNow() && (behind() <= 2 || behind() >= CLIP_PICTURES - 2))
    t.same(warnings(service), [])
    t.same(Object.values((await service.status()).cameras).map(({ restarts }) => restarts), [0, 0, 0])
  })

  t.test('that kills ffmpeg harms one camera, whose viewers see it return', async t => {
    const readers = readersOf(service.pid)
    t.equal(readers.length, 3)
    const signals = ['SIGKILL', 'SIGSEGV'] as const
    for (const [i, signal] of signals.entries()) process.kill(readers[i]!.pid, signal)
    const logged = (signal: string) => service.log.find(({ msg, level }) => level === 40 && msg.includes(`ffmpeg was ended by ${signal}`))
    await until('the log reports both', () => signals.every(logged))
    const killed = signals.map(signal => String(logged(signal)!.camera))
    const [spared] = Object.keys(viewers).filter(id => !killed.includes(id))
    const seen = killed.map(id => viewers[id]!.live.length)
    const { cameras } = await service.until(({ cameras }) => killed.every(id => cameras[id]!.decoder?.state === 'running'), 'both are decoded again')
    for (const id of [...killed, spared!]) t.match(cameras[id], { state: 'running', failure: null, restarts: 0, decoder: { failure: null } })
    await until('their viewers see pictures again', () => killed.every((id, i) => viewers[id]!.live.length > seen[i]! + 3))
    t.same(Object.values(viewers).map(({ faults }) => faults), [[], [], []], 'whole pictures, rising numbers')
    t.equal(viewers[spared!]!.parts.filter(({ state }) => state).length, 0)
    t.same(warnings(service).map(({ camera }) => camera).sort(), killed.sort(), 'each has failed once')
    t.equal(readersOf(service.pid).length, 3)
  })

  t.test('with 64 MB for camgate serves fifty viewers, ten of which accept nothing', async t => {
    const crowd = Array.from({ length: 50 }, (_, i) => view(t, stream(service, 'one'), i % 5 === 0 ? { bytesPerSecond: 0 } : {}))
    const readers = crowd.filter((_, i) => i % 5 !== 0)
    await until('those who read see pictures', () => readers.every(({ parts }) => parts.length > 10))
    const before = megabytes(service.pid)
    const seen = readers[0]!.parts.length
    await until('they see more of them', () => readers.every(({ parts }) => parts.length > seen + 2 * FPS))
    const grown = megabytes(service.pid) - before
    t.ok(grown < 20, `${Math.round(before)} MB, and ${Math.round(grown)} more`)
    t.ok(before < 200)
    t.same(readers.flatMap(({ faults }) => faults), [])
    t.equal((await service.status()).cameras.one!.viewers, 51)
    await Promise.all(crowd.map(viewer => viewer.leave()))
    await service.until(({ cameras }) => cameras.one!.viewers === 1, 'they are gone')
  })
})

t.test('an ffmpeg', { ...SIDE_BY_SIDE }, async t => {
  const mended = join(folder, 'mended')
  mkdirSync(mended)
  const standIn = withVariables(folder, join(packageRoot, 'test/e2e/stand-in-ffmpeg.sh'), { REAL_FFMPEG: findFfmpeg()!, MENDED: mended })
  const service = await startService(t, { config: config('one', ...['deaf', 'lines', 'line'].map((id, i): [string, string] => [id, `, enabled: false, ingest: ffmpeg, quality: ${11 + i}`])), env: { FFMPEG_PATH: standIn } })
  await service.until(running('one'), 'one runs')
  const witness = view(t, stream(service, 'one'))
  const deaf = () => childrenOf(service.pid).filter(({ command }) => command.startsWith('sleep'))

  for (const [id, failure] of [
    ['lines', { code: 'bad-stream', message: /the same complaint/ }],
    ['line', { code: 'exited', message: /^ffmpeg exited with code 1\.$/ }] // half a line is not quoted
  ] as const) {
    t.test(`that prints 100 MB of stderr, as ${id}, takes no memory`, async t => {
      const before = megabytes(service.pid)
      let peak = before
      const measuring = setInterval(() => { peak = Math.max(peak, megabytes(service.pid)) }, 10)
      t.teardown(() => clearInterval(measuring))
      await post(service, 'start', id)
      const { cameras } = await service.until(({ cameras }) => cameras[id]!.state === 'waiting', 'it has failed')
      t.ok(peak - before < 80, `${Math.round(before)} MB, at most ${Math.round(peak - before)} more`)
      t.match(cameras[id]!.failure, failure)
      t.ok(cameras[id]!.failure!.message.length < 200, 'not all of it is quoted')
      writeFileSync(join(mended, id), '')
      await service.until(running(id), 'it runs by itself once that is mended')
      await post(service, 'stop', id)
    })
  }

  t.test('that ignores SIGTERM is gone two seconds later', async t => {
    await post(service, 'start', 'deaf')
    await until('it sleeps', () => deaf().length === 1)
    const asked = performance.now()
    t.match(await post(service, 'stop', 'deaf'), { state: 'stopped' })
    const ms = performance.now() - asked
    t.ok(ms > 1_900 && ms < 3_000, `${Math.round(ms)} ms`)
    t.same(deaf(), [])
  })

  t.test('harms no other camera', async t => {
    t.same([witness.faults, witness.parts.filter(({ state }) => state)], [[], []])
    t.match((await service.status()).cameras.one, { failure: null, restarts: 0 })
    const seen = witness.parts.length
    await until('its viewer sees pictures', () => witness.parts.length > seen)
  })

  t.test('that ignores SIGTERM does not outlive a service that ends while it stops it', async t => {
    await post(service, 'start', 'deaf')
    await until('it sleeps', () => deaf().length === 1)
    const children = childrenOf(service.pid)
    const stopping = post(service, 'stop', 'deaf').catch(() => {})
    await service.until(({ cameras }) => cameras.deaf!.state === 'stopping', 'it is stopping')
    const end = await service.end()
    await stopping
    t.match(end, { code: 0, signal: null })
    t.ok(end.ms < 3_000, `${end.ms} ms`)
    t.same(children.filter(({ pid }) => isAlive(pid)), [])
  })
})

t.test('SIGTERM ends camgate whatever its cameras do', { ...SIDE_BY_SIDE }, async t => {
  const file = config('one', ['two', ', enabled: false'], ['three', ', onDemand: true'], 'silent')
  writeFileSync(file, `${readFileSync(file, 'utf8')}  refused: { source: 'rtsp://127.0.0.1:1/' }\n`)
  const service = await startService(t, { config: file })
  const states = { one: 'running', two: 'stopped', three: 'idle', silent: 'starting', refused: 'waiting' }
  await service.until(({ cameras }) => Object.entries(states).every(([id, state]) => cameras[id]!.state === state), 'each is in its state')
  const viewers = ['one', 'two', 'silent', 'refused'].map(id => view(t, stream(service, id)))
  await until('all see something', () => viewers.every(({ parts }) => parts.length > 0))
  const children = childrenOf(service.pid)
  t.match(await service.end(), { code: 0, signal: null, ms: Number })
  t.same(children.filter(({ pid }) => isAlive(pid)), [])
  await until('their connections are closed', () => viewers.every(({ socket }) => socket.closed))
  t.same(viewers.flatMap(({ faults }) => faults), [])
  t.equal(service.stderr, '')
})
