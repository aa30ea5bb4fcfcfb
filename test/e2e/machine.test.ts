import { execFileSync, spawn, spawnSync, type StdioOptions } from 'node:child_process'
import { constants, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { readFrameNumber } from '../../src/clips/strip.js'
import { startFarSimulator } from './far-simulator.js'
import { freePort } from './free-port.js'
import { decodeJpeg } from './picture.js'
import { childrenOf, isAlive, readersOf } from './processes.js'
import { startService, type Service } from './service.js'
import { until } from './until.js'
import { view, type Part } from './viewer.js'
import { withVariables } from '../with-variables.js'

/** Each test mostly waits. */
t.jobs = 3
const SIDE_BY_SIDE = { buffered: true, timeout: 120_000 }

const FPS = 10
/** The simulator's clip, which repeats: 10 s. */
const CLIP_PICTURES = 10 * FPS
const ids = ['one', 'two', 'three', 'deaf', 'lines', 'line', 'silent'] as const

const camera = await startFarSimulator(t, ids.map(id => (
  { id, name: 'Machine', width: 320, height: 176, fps: FPS, ...id === 'silent' && { fault: { kind: 'silent' as const } } })))
const folder = t.testdir({
  'blocker.mjs': 'process.on("SIGUSR2", () => { const until = Date.now() + 2_000; while (Date.now() < until); })'
})
const rates = `defaults: { fps: ${FPS}, decode: always }\n`
let configs = 0
/** A new cameras.yaml with these cameras of the simulator. */
const config = (...entries: Array<string | [id: string, more: string]>): string => {
  const file = join(folder, `${++configs}.yaml`)
  writeFileSync(file, `${rates}cameras:\n` + entries.map(entry => {
    const [id, more] = typeof entry === 'string' ? [entry, ''] : entry
    return `  ${id}: { source: '${camera(id)}' ${more} }\n`
  }).join(''))
  return file
}
/** A camera that runs is not decoded yet: a viewer who comes then may see a status frame first. */
const running = (...wanted: string[]) => ({ cameras }: { cameras: Readonly<Record<string, { state: string, fps: number }>> }) => wanted.every(id => cameras[id]!.state === 'running' && cameras[id]!.fps > 0)
const post = async (service: { url: string }, action: string, id: string) => await (await fetch(new URL(`${action}/${id}`, service.url), { method: 'POST' })).json() as { state: string }
const stream = (service: Service, id: string) => new URL(`camera/${id}`, service.url)
const warnings = ({ log }: Service) => log.filter(({ level }) => level >= 40)
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

t.test('without ffmpeg camgate serves, reports that, and recovers when there is one', { ...SIDE_BY_SIDE }, async t => {
  const path = join(folder, 'ffmpeg')
  const service = await startService(t, { config: config('one'), env: { FFMPEG_PATH: path } })
  t.match(warnings(service), [{ msg: /ffmpeg is not there or cannot be run.*set FFMPEG_PATH/ }])
  const { status, cameras } = await service.until(({ cameras }) => cameras.one!.state === 'running' && cameras.one!.decoder?.state === 'waiting', 'it is read, and the decoder has failed')
  t.equal(status, 'down')
  t.match(cameras.one, { state: 'running', failure: null, decoder: { failure: { code: 'no-ffmpeg', message: /Install it, or set FFMPEG_PATH/ } } })
  t.equal((await fetch(service.url)).status, 200, 'the page is there')
  t.equal((await fetch(new URL('health/ready', service.url))).status, 200)
  const snapshot = await fetch(new URL('camera/one/snapshot', service.url), { headers: { Accept: 'application/json' } })
  t.equal(snapshot.status, 503)
  t.match(await snapshot.json(), { code: 'NO_PICTURE', message: /ffmpeg/ })
  const viewer = view(t, stream(service, 'one'))
  await until('a viewer sees that there is no picture', () => viewer.parts.length > 0)
  t.match(viewer.last!.state, /waiting|starting/)
  symlinkSync(findFfmpeg()!, path)
  await service.until(({ status }) => status === 'ok', 'it is well')
  await until('the viewer sees the picture', () => viewer.live.length > 0)
  t.same(viewer.faults, [])
})

t.test('without file descriptors camgate survives, reports that, and recovers when there are some', { ...SIDE_BY_SIDE }, async t => {
  const service = await startService(t, { config: config('one', 'two') })
  await service.until(running('one', 'two'), 'both run')
  const witness = view(t, stream(service, 'one'))
  await until('its viewer sees pictures', () => witness.parts.length > 0)
  const fds = () => readdirSync(`/proc/${service.pid}/fd`).length
  const limit = fds() + 10
  execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${limit}:`])
  const crowd = Array.from({ length: 40 }, () => view(t, stream(service, 'two')))
  await until('viewers have taken all', () => fds() >= limit)
  const [reader] = readersOf(service.pid)
  process.kill(reader!.pid, 'SIGKILL')
  const logged = () => service.log.find(({ level, msg }) => level === 40 && /no file descriptor for camgate \(ulimit -n\) left/.test(msg))
  await until('the log reports why it is not started again', () => logged() !== undefined, 20_000)
  t.match(logged(), { why: 'no-ffmpeg' })
  t.notOk(service.log.some(({ level }) => level >= 60))
  const seen = witness.parts.length
  await until('the earlier viewer still sees pictures', () => witness.parts.length > seen + 2)
  await Promise.all(crowd.map(viewer => viewer.leave()))
  await service.until(({ status, cameras }) => status === 'ok' && running('one', 'two')({ cameras }), 'all is well when they have left', 45_000)
  const live = witness.live.length
  await until('and shows', () => witness.live.length > live)
  t.same(witness.faults, [])
  t.match(await service.end(), { code: 0 })
})

t.test('a log that cannot be written', { ...SIDE_BY_SIDE }, async t => {
  /** A service on a known port, because its log cannot be read. */
  const start = async (t: Test, stdout: 'pipe' | number) => {
    const port = await freePort()
    const service = { pid: 0, url: `http://127.0.0.1:${port}/` }
    const stdio: StdioOptions = ['ignore', stdout, 'pipe']
    const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), 'serve', '--config', config('one'), '--port', String(port)], {
      env: { ...process.env, NODE_OPTIONS: '', HOST: '', PORT: '' }, stdio
    })
    t.teardown(() => child.kill('SIGKILL'))
    const status = async () => await (await fetch(new URL('status', service.url))).json() as { cameras: Record<string, { state: string, fps: number }> }
    return { ...service, pid: child.pid!, child, status }
  }
  const logs = { 'is closed': () => 'pipe' as const, 'is on a full disk': () => openSync('/dev/full', 'w'), 'is not read': fullPipe }
  for (const [kind, log] of Object.entries(logs)) {
    t.test(`because it ${kind} neither ends nor holds up the service`, async t => {
      const service = await start(t, log())
      if (service.child.stdout) {
        await once(service.child.stdout, 'data')
        service.child.stdout.destroy()
      }
      const runs = () => service.status().then(running('one'), () => false)
      await until('it runs', runs, 15_000, 50)
      for (let i = 0; i < 3; i++) {
        t.match(await post(service, 'stop', 'one'), { state: 'stopped' })
        await post(service, 'start', 'one')
      }
      await until('it runs again', runs, 30_000, 50)
      const before = cpuSeconds(service.pid)
      const began = performance.now()
      const viewer = view(t, new URL('camera/one', service.url))
      await until('a viewer sees pictures', () => viewer.parts.length > FPS)
      const share = (cpuSeconds(service.pid) - before) / (performance.now() - began) * 1000
      t.ok(share < 0.5, `it takes ${share.toFixed(2)} of a processor`)
      const children = childrenOf(service.pid)
      const gone = once(service.child, 'exit')
      service.child.kill()
      t.same(await gone, [0, null])
      t.same(children.filter(({ pid }) => isAlive(pid)), [])
    })
  }
})

t.test('a disk that cannot keep the clip of a simulated camera', { ...SIDE_BY_SIDE }, async t => {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const file = config('one')
  writeFileSync(file, `${readFileSync(file, 'utf8')}  simulated: { source: { type: simulated } }\n`)
  const mounted = (options: string) => ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs -o ${options} none "$0" && exec "$@"`, disk]
  const noMounts = spawnSync('unshare', ['--mount', 'true']).status !== 0 && 'NOT TESTED: file systems of its own need root and unshare.'
  const disks = {
    'is no folder': { skip: false, cache: config('two'), prefix: [], words: /not a directory/i },
    'is full': { skip: noMounts, cache: disk, prefix: mounted('size=64k'), words: /No space left on device/i }
  }
  for (const [kind, { skip, cache, prefix, words }] of Object.entries(disks)) {
    t.test(`because it ${kind} harms no other camera, and is reported in a sentence`, { skip }, async t => {
      const service = await startService(t, { config: file, prefix, env: { XDG_CACHE_HOME: cache } })
      const logged = service.log.filter(({ level, camera }) => level === 50 && camera === 'simulated')
      t.match(logged, [{ msg: /^Cannot make the clip of the simulated camera simulated: .*off until camgate is started again/ }])
      t.match(logged, [{ msg: words }])
      t.notOk(logged[0]!.err, 'without a stack')
      await service.until(({ cameras }) => cameras.one!.state === 'running' && cameras.simulated!.state === 'waiting', 'the other camera runs')
      t.match(await service.end(), { code: 0 })
      t.equal(service.stderr, '')
    })
  }
  t.test('because it is read-only is not used', { skip: noMounts }, async t => {
    const temporary = t.testdir({})
    const service = await startService(t, { config: file, prefix: mounted('ro'), env: { XDG_CACHE_HOME: disk, TMPDIR: temporary } })
    await service.until(running('one', 'simulated'), 'both run')
    t.equal(readdirSync(join(temporary, `camgate-${process.getuid!()}`)).length, 1)
    t.match(await service.end(), { code: 0 })
  })
})

/** CPU seconds used by the process itself. Linux counts in hundredths. */
function cpuSeconds (pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The write end of a full pipe that nobody reads. */
function fullPipe (): number {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const ours = openSync(path, constants.O_RDWR | constants.O_NONBLOCK) // for reading too, so that it is not closed
  const end = openSync(path, 'w')
  try {
    for (;;) writeSync(ours, Buffer.alloc(4_096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return end
}
