import { execFileSync, spawn, spawnSync, type StdioOptions } from 'node:child_process'
import { constants, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { freePort } from './free-port.js'
import { FPS, post, running, SIDE_BY_SIDE, simulateMachine, stream, warnings } from './machine.js'
import { childrenOf, isAlive, readersOf } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view } from './viewer.js'

// What camgate does where the machine lacks something: ffmpeg, file descriptors, a log, a disk.
t.jobs = 3

const { folder, config } = await simulateMachine(t, ['one', 'two'])

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
