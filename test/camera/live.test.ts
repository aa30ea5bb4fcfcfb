import { pino } from 'pino'
import t from 'tap'
import { Supervisor } from '../../src/camera/supervisor.js'
import { cameraLaunch } from '../../src/capture/camera-launch.js'
import { systemClock } from '../../src/clock.js'
import { noteLog } from '../../src/decoder/note-log.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import type { LivePicture } from '../../src/live/live-picture.js'
import { startSimulator, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { decode } from '../codec/order/x264.js'
import { until } from '../e2e/until.js'
import { camera, FakeLaunch } from '../fake-launch.js'
import { small } from '../simulator/small.js'

/** What each camera's video is to a browser. */
const cameras: Record<string, { camera?: Partial<SimulatedCamera>, codec: RegExp, reorders: boolean }> = {
  plain: { codec: /^avc1\.4d40/, reorders: false },
  slices: { camera: { quirks: ['slices'] }, codec: /^avc1\.4d40/, reorders: false },
  interlaced: { camera: { quirks: ['interlaced'] }, codec: /^avc1\.4d40/, reorders: false },
  reordered: { camera: { quirks: ['b-frames'] }, codec: /^avc1\.4d40/, reorders: true },
  h265: { camera: { codec: 'h265' }, codec: /^hvc1\.1\.6\.L\d+\.90$/, reorders: false },
  'h265-reordered': { camera: { codec: 'h265', quirks: ['b-frames'] }, codec: /^hvc1\.1\.6\.L\d+\.90$/, reorders: true }
}
const log = pino({ level: 'silent' })
const PICTURES = 25

t.test('the video of a camera, as browsers get it', async t => {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: Object.entries(cameras).map(([id, { camera }]) => ({ ...small, ...camera, id })) })
  t.teardown(() => simulator.close())
  await Promise.all(Object.entries(cameras).map(([id, { camera: played, codec, reorders }]) => t.test(id, async t => {
    const supervisor = new Supervisor({ ...camera, source: { type: 'rtsp', url: simulator.url(id) } }, {
      ...new FakeLaunch(systemClock).parts(log), launch: cameraLaunch(new FfmpegInstall(), systemClock, log, noteLog(log))
    })
    const seen: LivePicture[] = []
    supervisor.live.subscribe({ write (picture, done) { seen.push(picture); done() }, end () {} })
    await supervisor.start()
    await until('it has sent enough', () => seen.length >= PICTURES && supervisor.coded.reorders === reorders)
    const { input } = supervisor.status()
    t.match(input, { reorders, reorderDelayMs: reorders ? Number : null })
    t.match(seen.at(-1)!.config, { width: 320, height: 240, codec, kind: played?.codec ?? 'h264' })
    await supervisor.close()
    const frames = decode(Buffer.concat(seen.map(({ bytes }) => bytes)), played?.codec === 'h265' ? 'hevc' : 'h264')
    t.equal(frames.length, seen.length, 'each picture is one access unit')
  })))
})
