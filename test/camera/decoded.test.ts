import { pino } from 'pino'
import t from 'tap'
import { cameraLaunch } from '../../src/capture/camera-launch.js'
import { Supervisor } from '../../src/camera/supervisor.js'
import { systemClock } from '../../src/clock.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import type { Frame } from '../../src/frames/frame.js'
import { KILL_AFTER_MS } from '../../src/processes/child.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { noteLog } from '../../src/decoder/note-log.js'
import { ffmpegTranscode } from '../../src/transcode/transcoder.js'
import { childrenOf, readersOf } from '../e2e/processes.js'
import { until } from '../e2e/until.js'
import { camera, FakeLaunch, h264Track, turn } from '../fake-launch.js'
import { small } from '../simulator/small.js'

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'h264' }, { ...small, id: 'h265', codec: 'h265' }, { ...small, id: 'mjpeg', codec: 'mjpeg' }, { ...small, id: 'bright', codec: 'mjpeg', fps: 40 }]
})
t.teardown(() => simulator.close())

const log = pino({ level: 'silent' })

/** A camera of the simulator, read and decoded by the real parts. */
async function read (id: string, wishes: Partial<LiveCamera> = {}, install = new FfmpegInstall()) {
  const frames: Frame[] = []
  const played = new FakeLaunch(systemClock) // draws
  const supervisor = new Supervisor({ ...camera, transport: 'auto', ...wishes, source: { type: 'rtsp', url: simulator.url(id) } }, {
    ...played.parts(log), launch: cameraLaunch(install, systemClock, log, noteLog(log)), transcode: ffmpegTranscode(install, systemClock)
  })
  await supervisor.start()
  return {
    supervisor,
    frames,
    pictures: (count: number) => until(`${count} pictures came`, () => frames.length >= count),
    decoder: () => supervisor.status().decoder,
    decoderIs: (kind: string) => until(`its decoder is ${kind}`, () => supervisor.status().decoder?.state === kind),
    watching: () => supervisor.hub.subscribe({ write (frame, done) { if (frame.live) frames.push(frame); done() }, end () {} }),
    close: () => supervisor.close()
  }
}

/** The same with a viewer. */
async function watch (...args: Parameters<typeof read>) {
  const all = await read(...args)
  all.watching()
  return all
}

t.test('a camera whose pictures are decoded', async t => {
  t.test('is shown by one process, which is gone when it has stopped', async t => {
    for (const id of ['h264', 'h265']) {
      const { supervisor, frames, pictures, decoder, close } = await watch(id)
      await pictures(5)
      t.equal(readersOf(process.pid).length, 1)
      t.match(frames[0], { width: 320, height: 240 })
      t.match(supervisor.status(), { state: 'running', input: { ingest: 'direct', copied: false, codec: id } })
      t.match(decoder(), { name: 'software', state: 'running', for: 'viewers', failure: null })
      const asked = performance.now()
      await close()
      t.ok(performance.now() - asked < KILL_AFTER_MS, 'it ended by itself and was not killed')
      t.same(readersOf(process.pid), [])
      t.equal(simulator.stats(id).connections, 0)
    }
  })

  t.test('has no process while nobody watches', async t => {
    const { supervisor, frames, pictures, watching, close } = await read('h264')
    await until('a group is kept', () => (supervisor.status().input?.group?.pictures ?? 0) > 2)
    t.same(childrenOf(process.pid), [])
    t.match(supervisor.status(), { state: 'running', viewers: 0, decoder: { state: 'idle', name: null, for: null } })
    watching()
    await pictures(1)
    t.ok(systemClock.now() - frames[0]!.at < 1_000)
    t.equal(readersOf(process.pid).length, 1)
    await close()
    t.same(readersOf(process.pid), [])
  })

  t.test('has its range converted with a table if it has 8 bits, and otherwise by the scaler', async t => {
    for (const [depth, byTable] of [[8, true], [10, false], [undefined, false]] as const) {
      const played = new FakeLaunch(systemClock)
      const supervisor = new Supervisor(camera, { ...played.parts(log), transcode: ffmpegTranscode(new FfmpegInstall(), systemClock) })
      supervisor.hub.subscribe({ write (_, done) { done() }, end () {} })
      await supervisor.start()
      await turn()
      played.track('1', { format: depth && { ...h264Track.format!, depth } })
      played.coded()
      const readers = () => readersOf(process.pid).map(({ command }) => command)
      await until('ffmpeg was started', () => readers().length > 0)
      t.equal(readers().some(command => command.includes('lutyuv')), byTable, `${depth} bits`)
      const closed = supervisor.close()
      played.exit()
      await closed
      t.same(readers(), [])
    }
  })

  t.test('has its JPEGs encoded again for another size, at the configured rate', async t => {
    const before = simulator.stats('bright').pictures
    const { frames, pictures, close } = await watch('bright', { width: 160, fps: 10 })
    await pictures(10)
    const share = frames.length / (simulator.stats('bright').pictures - before)
    await close()
    t.match(frames[0], { width: 160, height: 120 })
    t.ok(share < 0.5, `${share} of the camera's pictures`)
  })

  t.test('is rotated, and fits the configured size then', async t => {
    for (const id of ['mjpeg', 'h264']) {
      const { supervisor, frames, pictures, close } = await watch(id, { rotate: 90, width: 120, overlay: { clock: true } })
      await pictures(2)
      t.match(supervisor.status().input, { copied: false })
      await close()
      t.match(frames[0], { width: 120, height: 160 })
    }
  })

  t.test('names the size of its picture if the crop lies outside of it', async t => {
    const { supervisor, decoder, decoderIs, close } = await watch('h264', { crop: { x: 200, y: 0, width: 160, height: 100 } })
    await decoderIs('waiting')
    const failure = { code: 'unsupported', message: "The crop lies outside of the camera's picture of 320x240. Correct crop in cameras.yaml, or the size in the camera." }
    t.match(decoder(), { failure })
    t.match(supervisor.stream().state, { kind: 'waiting', outage: failure }, 'viewers see it')
    t.match(supervisor.status(), { state: 'running', failure: null })
    await close()
  })

  t.test('is shown at the configured rate', async t => {
    const { frames, pictures, close } = await watch('h264', { fps: 5 })
    await pictures(1) // ffmpeg's start is no part of its rate
    const before = simulator.stats('h264').pictures
    await pictures(10)
    const share = (frames.length - 1) / (simulator.stats('h264').pictures - before)
    await close()
    t.ok(share > 0.15 && share < 0.35, `${share} of the camera's pictures`)
  })

  t.test('goes on being read when its ffmpeg dies, which is started again', async t => {
    const { supervisor, frames, pictures, decoder, decoderIs, close } = await watch('h264')
    await pictures(1)
    const plays = simulator.stats('h264').playsTotal
    process.kill(readersOf(process.pid)[0]!.pid, 'SIGKILL')
    await decoderIs('waiting')
    t.match(decoder(), { failure: { code: 'exited', message: /SIGKILL/ } })
    t.match(supervisor.status(), { state: 'running', failure: null, restarts: 0 })
    await pictures(frames.length + 1)
    t.match(decoder(), { state: 'running', failure: null })
    t.equal(simulator.stats('h264').playsTotal, plays)
    await close()
    t.same(readersOf(process.pid), [])
    t.equal(simulator.stats('h264').connections, 0)
  })

  t.test('cannot be shown without ffmpeg, unless it sends JPEGs', async t => {
    const none = Object.assign(new FfmpegInstall(), { locate: async () => { throw Object.assign(new Error('none'), { code: 'ENOENT' }) } })
    const film = await watch('h264', {}, none)
    await film.decoderIs('waiting')
    await until('it is read', () => film.supervisor.state.kind === 'running')
    t.match(film.decoder(), { failure: { code: 'no-ffmpeg' } })
    t.match(film.supervisor.status(), { state: 'running', failure: null }, 'it is read')
    await film.close()
    const jpegs = await watch('mjpeg', {}, none)
    await jpegs.pictures(1)
    t.match(jpegs.supervisor.status(), { input: { copied: true }, decoder: null })
    await jpegs.close()
  })
})
