import { join } from 'node:path'
import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { inputStatus, type InputReport } from '../../src/capture/input.js'
import { cameraLaunch } from '../../src/capture/camera-launch.js'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { Decoders } from '../../src/ffmpeg/decoders.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import { packageRoot } from '../../src/package.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { camera } from '../fake-launch.js'
import { remembered } from '../capture/remembered.js'
import { small } from '../simulator/small.js'
import { withVariables } from '../with-variables.js'

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'film' }, { ...small, id: 'newer', codec: 'h265' }, { ...small, id: 'jpegs', codec: 'mjpeg' }]
})
t.teardown(() => simulator.close())

/** Launches attempts with this ffmpeg, or a stand-in for it. */
async function machine (path: string, { drawsText = true } = {}) {
  const log: string[] = []
  const found = { path, dialect: { ...await askDialect(findFfmpeg()!), drawsText }, decoders: new Decoders(path, new AbortController().signal, { listDevices: () => ['dri/renderD128'], timeoutMs: 5_000 }) }
  const install = Object.assign(new FfmpegInstall(), { locate: async () => found })
  const launch = remembered(cameraLaunch(install, systemClock, { info: (...line: unknown[]) => { log.push(String(line.at(-1))) }, warn () {}, error () {} }))
  /** Runs one attempt until it shows pictures and its input is `settled`, or it ends. Returns how the camera was read. */
  const attempt = async (id: string, wishes: Partial<LiveCamera>, settled = (_input: InputReport | null) => true) => {
    let pictures = 0
    let ended = false
    const plays = simulator.stats(id).playsTotal
    const running = launch({ ...camera, id, transport: 'auto', ...wishes, source: { type: 'rtsp', url: simulator.url(id) } }, {
      onPicture () { pictures++ }, onBroken (error) { throw error }, onUnchanged () {}, onExit () { ended = true }
    })
    await until('pictures come, or it ends', () => ended || (pictures > 5 && settled(running.input())))
    const input = running.input()
    if (!ended) running.stop()
    await until('it ended', () => ended)
    return { pictures, plays: simulator.stats(id).playsTotal - plays, ...input && inputStatus(input, String) }
  }
  return { attempt, log }
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
    t.match(await attempt('film', { hwaccel: 'vaapi', ingest: 'ffmpeg' }, input => input?.notes?.length === 1), { decoder: 'software', plays: 1 }, 'without being asked again')
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
    t.same(log, ['Yard: rkmpp made no picture from what this camera sends; it is decoded in software the next time.'])
  })
  t.test('runs without its overlay if ffmpeg cannot draw text, and logs that once', async t => {
    const { attempt, log } = await machine(findFfmpeg()!, { drawsText: false })
    const note = 'Overlays are left out, because this ffmpeg is built without drawtext.'
    t.match(await attempt('film', { overlay: { name: true } }), { notes: [note] })
    t.match(await attempt('jpegs', { overlay: { clock: true } }), { notes: [note] })
    t.same(log, [note])
  })
})
