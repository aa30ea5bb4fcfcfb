import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { KILL_AFTER_MS } from '../../src/processes/child.js'
import { FfmpegProcess, type FfmpegExit, type FfmpegRun } from '../../src/ffmpeg/process.js'
import { libc } from '../../src/libc.js'
import { FakeClock } from '../fake-clock.js'
import { childrenOf, isAlive } from '../e2e/processes.js'
import { until } from '../e2e/until.js'
import { makeJpegs, split } from '../jpegs.js'

/** Stand-ins for ffmpeg. */
const folder = t.testdir({
  'deaf.sh': "#!/bin/sh\ntrap '' TERM\necho ready >&2\nwhile :; do sleep 0.1; done\n",
  'sleep.sh': '#!/bin/sh\nexec sleep 60\n',
  'flood.sh': '#!/bin/sh\nyes "a line of words" | head -c 20000000 >&2\nhead -c 20000000 /dev/zero | tr "\\0" x >&2\necho "\nthe end" >&2\nexit 3\n'
})
for (const name of ['deaf.sh', 'flood.sh', 'sleep.sh']) chmodSync(join(folder, name), 0o755)
const clip = join(folder, 'clip.avi')
execFileSync(findFfmpeg()!, ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=10:duration=60', '-c:v', 'mjpeg', clip])
/** A film at its own pace. Its name is in stdin, as a camera's is. */
const input = {
  args: ['-re', '-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe,rtsp,tcp'],
  stdin: `ffconcat version 1.0\nfile 'file:${clip}'\n`
}
const output = ['-c:v', 'copy', '-f', 'mjpeg']

/** Runs ffmpeg until it has exited. `onData` receives the process. */
function run (options: Partial<FfmpegRun>, onData: (process: FfmpegProcess) => void = () => {}) {
  const chunks: Buffer[] = []
  let running: FfmpegProcess
  const gone = new Promise<FfmpegExit>(resolve => {
    running = new FfmpegProcess({
      path: findFfmpeg()!,
      input,
      output,
      clock: systemClock,
      onData: chunk => { chunks.push(chunk); onData(running) },
      onExit: resolve,
      ...options
    })
  })
  return { process: running!, gone, chunks }
}

const fileLimit = () => Number(execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || Infinity

t.test('an ffmpeg process', async t => {
  t.test('may use as much memory as the largest picture needs, and no more', { skip: !libc && 'NOT TESTED: koffi is not there, or this is not Linux' }, async t => {
    let limits = ''
    const { gone } = run({}, running => {
      limits ||= readFileSync(`/proc/${childrenOf(process.pid)[0]!.pid}/limits`, 'utf8')
      running.stop()
    })
    await gone
    t.match(limits, /^Max data size +2684354560 +2684354560 +bytes/m)
  })

  t.test('passes on its stdout and exits cleanly when it is stopped', async t => {
    let pid = 0
    const { gone, chunks } = run({}, running => {
      pid ||= childrenOf(process.pid)[0]!.pid
      running.stop()
      running.stop()
    })
    const { code, signal, stderr } = await gone
    t.ok(pid > 0, stderr.join('\n'))
    t.notOk(isAlive(pid))
    t.same({ code, signal }, { code: 255, signal: null }, 'ffmpeg catches SIGTERM, so it had time to clean up')
    t.ok(stderr.length > 0)
    t.ok(split(chunks).jpegs.length > 0)
  })

  t.test('exits even if it is stopped before it was spawned', async t => {
    const { process: early, gone } = run({})
    early.stop()
    t.match(await gone, { spawnError: undefined })
    t.same(childrenOf(process.pid), [])
  })

  t.test('is killed if it ignores SIGTERM', async t => {
    const clock = new FakeClock()
    const { process: deaf, gone } = run({ path: join(folder, 'deaf.sh'), clock })
    await until('it ignores SIGTERM', () => deaf.stderr.includes('ready'))
    deaf.stop()
    clock.advance(KILL_AFTER_MS)
    t.match(await gone, { code: null, signal: 'SIGKILL' })
    t.equal(clock.pending, 0)
  })

  t.test('does not decode a picture that claims 64 megapixels', async t => {
    const [jpeg] = makeJpegs(1) as [Buffer]
    const at = jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5
    const bomb = Buffer.concat([jpeg.subarray(0, at), Buffer.from([8000 >> 8, 8000 & 0xff, 8000 >> 8, 8000 & 0xff]), jpeg.subarray(at + 4, -2), Buffer.alloc(300_000), jpeg.subarray(-2)])
    const { gone, chunks } = run({ input: { args: ['-f', 'mjpeg'], stdin: Readable.from([bomb]) }, output: ['-c:v', 'mjpeg', '-f', 'mjpeg'] })
    t.match((await gone).stderr.join('\n'), /Picture size 8000x8000 exceeds specified max pixel count/)
    t.same(chunks, [])
  })

  t.test('reports its exit code and last lines, without passwords', async t => {
    const { gone } = run({ input: { ...input, stdin: "ffconcat version 1.0\nfile 'rtsp://admin:s3cret@127.0.0.1:1/'\n" } })
    const { code, stderr } = await gone
    t.ok(code! > 0, 'ffmpeg 7 exits with the number of the error')
    t.match(stderr.join('\n'), /rtsp:\/\/127\.0\.0\.1:1/)
    t.notMatch(stderr.join('\n'), /s3cret|admin/)
  })

  t.test('reports that it could not be spawned', async t => {
    t.match(await run({ path: '/nowhere/ffmpeg' }).gone, { code: null, signal: null, spawnError: 'ENOENT' })
    t.match(await run({ path: folder }).gone, { spawnError: 'EACCES' })
  })

  t.test('reports that no file descriptor is left, and runs once there are some', { skip: fileLimit() > 100_000 && 'too many to use up' }, async t => {
    const taken: number[] = []
    t.throws(() => { for (;;) taken.push(openSync('/dev/null', 'r')) }, { code: 'EMFILE' })
    for (const fd of taken.splice(-2)) closeSync(fd) // too few for three pipes
    const exit = await run({}).gone
    for (const fd of taken) closeSync(fd)
    t.match(exit, { code: null, signal: null, spawnError: 'EMFILE' })
    t.match(await run({ output: ['-frames:v', '1', ...output] }).gone, { code: 0 })
  })

  t.test('stores little of a flood on stderr', async t => {
    const flood = await run({ path: join(folder, 'flood.sh') }).gone
    t.equal(flood.code, 3)
    t.equal(flood.stderr.at(-1), 'the end')
    t.ok(flood.stderr.every(line => line.length <= 500) && flood.stderr.length <= 60)
  })
})
