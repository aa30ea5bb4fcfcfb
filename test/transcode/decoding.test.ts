import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { Supervisor } from '../../src/camera/supervisor.js'
import { cameraLaunch } from '../../src/capture/camera-launch.js'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { Decoders } from '../../src/ffmpeg/decoders.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import { packageRoot } from '../../src/package.js'
import type { CameraStatus } from '../../src/stream/status.js'
import { noteLog } from '../../src/decoder/note-log.js'
import { ffmpegTranscode } from '../../src/transcode/transcoder.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { camera, FakeLaunch } from '../fake-launch.js'
import { small } from '../simulator/small.js'
import { withVariables } from '../with-variables.js'

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'film' }, { ...small, id: 'newer', codec: 'h265' }, { ...small, id: 'jpegs', codec: 'mjpeg' }]
})
t.teardown(() => simulator.close())

/** Watches cameras with this ffmpeg, or a stand-in for it. */
async function machine (path: string, { drawsText = true } = {}) {
  const log: string[] = []
  const info = (...line: unknown[]) => { log.push(String(line.at(-1))) }
  const found = { path, dialect: { ...await askDialect(findFfmpeg()!), drawsText }, decoders: new Decoders(path, new AbortController().signal, { listDevices: () => ['dri/renderD128'], timeoutMs: 5_000 }) }
  const install = Object.assign(new FfmpegInstall(), { locate: async () => found })
  const notes = noteLog({ info })
  const parts = {
    ...new FakeLaunch(systemClock).parts(pino({ level: 'silent' })),
    noteLog: notes,
    launch: cameraLaunch(install, systemClock, { info, warn () {}, error () {} }, notes),
    transcode: ffmpegTranscode(install, systemClock)
  }
  const supervisors = new Map<string, Supervisor>()
  const supervisorOf = (id: string, wishes: Partial<LiveCamera>) => {
    const key = JSON.stringify([id, wishes])
    const supervisor = supervisors.get(key) ?? new Supervisor({ ...camera, id, transport: 'auto', ...wishes, source: { type: 'rtsp', url: simulator.url(id) } }, parts)
    supervisors.set(key, supervisor)
    return supervisor
  }
  /** Watches one camera until it shows pictures and its status is `settled`, or its decoder fails. Returns how it was read and decoded. */
  const attempt = async (id: string, wishes: Partial<LiveCamera>, settled = (_status: CameraStatus) => true) => {
    let pictures = 0
    let name: string | null = null
    const plays = simulator.stats(id).playsTotal
    const supervisor = supervisorOf(id, wishes)
    const viewer = supervisor.hub.subscribe({ write ({ live }, done) { if (live) pictures++; done() }, end () {} })
    await supervisor.start()
    let status = supervisor.status()
    await until('pictures come, or its decoder fails', () => {
      status = supervisor.status()
      name = status.decoder?.name ?? name ?? supervisor.memory.failedDecoder ?? null // it may fail before it is seen
      return (status.decoder?.state === 'waiting' && name !== null) || (pictures > 5 && settled(status))
    })
    viewer.end()
    await supervisor.stop()
    return { pictures, plays: simulator.stats(id).playsTotal - plays, ingest: status.input?.ingest, decoder: name, notes: [...status.input?.notes ?? [], ...status.decoder?.notes ?? []] }
  }
  const close = () => Promise.all([...supervisors.values()].map(supervisor => supervisor.close()))
  return { attempt, log, close }
}
const hardware = withVariables(t.testdir({}), join(packageRoot, 'test/ffmpeg/stand-in-hardware.sh'), { REAL_FFMPEG: findFfmpeg()! })
const standIn = () => machine(hardware)

t.test('a camera', { timeout: 60_000 }, async t => {
  t.test('is decoded by hardware that works, whether camgate or ffmpeg reads it', async t => {
    const { attempt, log } = await standIn()
    t.match(await attempt('film', { hwaccel: 'auto' }), { decoder: 'vaapi', notes: [], ingest: 'direct' })
    const again = simulator.stats('film').playsTotal + 2
    t.match(await attempt('film', { hwaccel: 'v4l2m2m', ingest: 'ffmpeg' }, () => simulator.stats('film').playsTotal === again), { decoder: 'v4l2m2m', notes: [], plays: 2 }, 'the first attempt only learns the codec')
    t.match(await attempt('film', { hwaccel: 'v4l2m2m', ingest: 'ffmpeg' }), { decoder: 'v4l2m2m', plays: 1 }, 'the next one uses it')
    t.match(await attempt('film', {}), { decoder: 'software', notes: [] }, 'but not unless configured')
    t.same(log, [])
  })
  t.test('is decoded in software if there is no hardware, and logs that once', async t => {
    const { attempt, log } = await machine(findFfmpeg()!)
    const why = /^H\.264 is decoded in software, because vaapi does not work here/
    t.match(await attempt('film', { hwaccel: 'vaapi' }), { decoder: 'software', notes: [why] })
    t.match(await attempt('film', { hwaccel: 'vaapi', ingest: 'ffmpeg' }, ({ input }) => input?.notes.length === 1), { decoder: 'software', plays: 1 }, 'without being asked again')
    t.match(log, [why])
    t.equal(log.length, 1)
    t.match(await attempt('newer', { hwaccel: 'vaapi' }), { decoder: 'software', notes: [/^H\.265/] })
    t.match(await attempt('jpegs', { hwaccel: 'vaapi' }), { decoder: null, notes: [] }, 'JPEGs are not decoded at all')
    t.match(await attempt('jpegs', { hwaccel: 'vaapi', rotate: 90 }), { decoder: 'software', notes: [] })
  })
  t.test('is decoded in software the next time, if hardware shows none of its pictures', async t => {
    const { attempt, log } = await standIn()
    t.match(await attempt('film', { hwaccel: 'rkmpp' }), { pictures: 0, decoder: 'rkmpp' })
    for (let time = 0; time < 2; time++) {
      t.match(await attempt('film', { hwaccel: 'rkmpp' }), { decoder: 'software', notes: ['Yard is decoded in software, because rkmpp made no picture from what it sends.'] })
    }
    t.same(log, ['Yard is decoded in software, because rkmpp made no picture from what it sends.'])
  })
  t.test('runs without its overlay if ffmpeg cannot draw text, and logs that once', async t => {
    const { attempt, log } = await machine(findFfmpeg()!, { drawsText: false })
    const note = 'Overlays are left out, because this ffmpeg is built without drawtext.'
    t.match(await attempt('film', { overlay: { name: true } }), { notes: [note] })
    t.match(await attempt('jpegs', { overlay: { clock: true } }), { notes: [note] })
    t.same(log, [note])
  })
})
