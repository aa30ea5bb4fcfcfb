import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall, type Ffmpeg } from '../../src/ffmpeg/install.js'
import type { FfmpegExit } from '../../src/ffmpeg/process.js'
import { startFfmpeg } from '../../src/ffmpeg/start.js'
import { childrenOf } from '../e2e/processes.js'

const clip = join(t.testdir(), 'clip.avi')
execFileSync(findFfmpeg()!, ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=10:duration=60', '-c:v', 'mjpeg', clip])

/** Starts an ffmpeg that copies the clip at its own pace. By default it is the machine's. */
function start (install = new FfmpegInstall(), prepare = (_found: Ffmpeg) => {}) {
  let onData = () => {}
  let started!: ReturnType<typeof startFfmpeg>
  const data = new Promise<void>(resolve => { onData = resolve })
  const exit = new Promise<FfmpegExit>(resolve => {
    started = startFfmpeg(install, systemClock, found => {
      prepare(found)
      return { input: { args: ['-re'], name: clip }, output: ['-c:v', 'copy', '-f', 'mjpeg'], onData }
    }, resolve)
  })
  return { started, data, exit }
}

function installed (locate: () => Promise<unknown>) {
  const forgotten = { times: 0 }
  return { forgotten, install: Object.assign(new FfmpegInstall(), { locate, forget () { forgotten.times++ } }) as FfmpegInstall }
}

t.test('an ffmpeg', async t => {
  t.test('is found, runs, and exits after it is stopped', async t => {
    const { started, data, exit } = start()
    t.same(started.stderr, [])
    await data
    t.equal(childrenOf(process.pid).length, 1)
    started.stop()
    started.stop()
    t.match(await exit, { spawnError: undefined })
    t.same(childrenOf(process.pid), [])
    t.ok(started.stderr.length > 0)
  })
  t.test('is never spawned if it is stopped before it is found or prepared', async t => {
    const before = start()
    before.started.stop()
    t.same(await before.exit, { code: null, signal: null, stderr: [] })
    const meanwhile = start(undefined, () => { meanwhile.started.stop() })
    t.same(await meanwhile.exit, { code: null, signal: null, stderr: [] })
    t.same(childrenOf(process.pid), [])
  })
  t.test('that is not there ends at once', async t => {
    const { install } = installed(async () => { throw Object.assign(new Error('none'), { code: 'ENOENT' }) })
    t.match(await start(install).exit, { spawnError: 'ENOENT' })
  })
  t.test('that cannot be run is forgotten; one that ran is not', async t => {
    const { install, forgotten } = installed(async () => ({ path: '/nowhere/ffmpeg' }))
    t.match(await start(install).exit, { spawnError: 'ENOENT' })
    t.equal(forgotten.times, 1)
    const works = installed(async () => ({ path: findFfmpeg()! }))
    const { started, data, exit } = start(works.install)
    await data
    started.stop()
    await exit
    t.equal(works.forgotten.times, 0)
  })
  t.test('that a bug in camgate keeps from starting ends with that bug', async t => {
    const { exit } = start(undefined, () => { throw new TypeError('x is not a function') })
    t.match(await exit, { defect: { message: 'x is not a function' } })
  })
})
