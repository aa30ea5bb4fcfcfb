import t from 'tap'
import type { Attempt } from '../../src/capture/attempt.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { Failure } from '../../src/failure/failure.js'
import { ffmpegLaunch } from '../../src/capture/ffmpeg-launch.js'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import type { JpegPicture } from '../../src/jpeg/picture.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { camera } from '../fake-launch.js'
import { remembered } from './remembered.js'
import { small } from '../simulator/small.js'

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'jpegs', codec: 'mjpeg' }, { ...small, id: 'film', codec: 'h264' }]
})
t.teardown(() => simulator.close())

/** Makes attempts at these cameras, one after the other, with a memory for each camera. */
function launcher () {
  const launch = remembered(ffmpegLaunch(new FfmpegInstall(), systemClock))
  return async (id: string, wishes: Partial<LiveCamera> = {}) => {
    const seen = { jpegs: [] as JpegPicture[], plays: simulator.stats(id).playsTotal }
    let attempt!: Attempt
    const exit = new Promise<Failure | undefined>(resolve => {
      attempt = launch({ ...camera, id, ...wishes, source: { type: 'rtsp', url: simulator.url(id) } }, {
        onPicture: picture => { seen.jpegs.push(picture) },
        onTrack () {},
        onCoded () {},
        onBroken: ({ message }) => { throw new Error(message) },
        onUnchanged () {},
        onExit: resolve
      })
    })
    await until('pictures come', () => seen.jpegs.length > 3)
    attempt.stop()
    t.equal(await exit, undefined)
    return { copied: seen.jpegs.at(-1)!.copied, plays: simulator.stats(id).playsTotal - seen.plays }
  }
}

t.test('an attempt', async t => {
  t.test('copies a camera\'s JPEGs, once it is known to send them', async t => {
    const attempt = launcher()
    t.same(await attempt('jpegs'), { copied: true, plays: 2 })
    t.same(await attempt('jpegs'), { copied: true, plays: 1 })
  })
  t.test('encodes pictures for another size, quality or rotation, and pictures that are not JPEGs', async t => {
    const attempt = launcher()
    t.same(await attempt('jpegs', { width: 160 }), { copied: false, plays: 1 })
    t.same(await attempt('jpegs', { quality: 9 }), { copied: false, plays: 1 })
    t.same(await attempt('jpegs', { rotate: 90 }), { copied: false, plays: 1 })
    t.same(await attempt('film'), { copied: false, plays: 1 })
  })
  t.test('encodes again when a camera changes its codec', async t => {
    const attempt = launcher()
    await attempt('jpegs', { id: '1' })
    t.same(await attempt('film', { id: '1' }), { copied: false, plays: 2 })
    t.same(await attempt('film', { id: '1' }), { copied: false, plays: 1 })
  })
})
