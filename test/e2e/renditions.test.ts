import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { small } from '../simulator/small.js'
import { childrenOf } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view } from './viewer.js'

const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1', codec: 'mjpeg' }] })
t.teardown(() => simulator.close())
const config = join(t.testdir({
  'cameras.yaml': JSON.stringify({ cameras: { 1: { source: simulator.url('1'), renditions: { thumb: { width: 160, fps: 5 }, low: { width: 240, quality: 9 }, slow: { height: 60, fps: 1 } } } } })
}), 'cameras.yaml')

t.test('one camera with three renditions', { timeout: 120_000 }, async t => {
  const service = await startService(t, { config })
  const url = (rendition: string) => new URL(`camera/1?rendition=${rendition}`, service.url)
  const encoders = () => childrenOf(service.pid).filter(({ command }) => / -f mpjpeg /.test(command) && !/ pipe:3( |$)/.test(command))
  const main = view(t, url('full'))
  await until('the camera runs', () => main.live.length > 2)
  /** Checks that neither the camera nor the viewer of its own picture was disturbed. */
  const unharmed = async (t: Test) => {
    const seen = main.parts.length
    await until('the pictures keep coming', () => main.parts.length > seen + 5)
    t.same({ faults: main.faults, skipped: main.skipped, words: main.parts.length - main.live.length }, { faults: [], skipped: 0, words: 0 })
    t.match(simulator.stats('1'), { connectionsTotal: 1, playsTotal: 1 })
    t.match((await service.status()).cameras[1], { state: 'running', restarts: 0, viewers: 1, droppedTotal: 0 })
  }

  await t.test('has one encoder per watched rendition, however many viewers it has', async t => {
    t.equal(encoders().length, 0)
    const viewers = ['thumb', 'thumb', 'thumb', 'low', 'slow'].map(name => view(t, url(name)))
    await until('all have pictures', () => viewers.every(({ live }) => live.length > 2), 30_000)
    t.equal(encoders().length, 3)
    const { renditions } = (await service.status()).cameras[1]!
    t.match(renditions, { thumb: { state: 'running', viewers: 3, width: 160, height: 120 }, low: { viewers: 1, width: 240 }, slow: { viewers: 1, width: 80, height: 60 } })
    t.same(viewers.flatMap(({ faults }) => faults), [])
    await unharmed(t)
    await Promise.all(viewers.slice(3).map(viewer => viewer.leave()))
    await until('the others are gone', () => encoders().length === 1, 30_000)
    await unharmed(t)
  })

  await t.test('restarts an encoder that was killed, and shows a status frame until then', async t => {
    const viewer = view(t, url('thumb'))
    await until('it has pictures', () => viewer.live.length > 1, 30_000)
    process.kill(encoders().find(({ command }) => command.includes('min(iw,160)'))!.pid, 'SIGKILL')
    await until('a status frame comes', () => viewer.last!.state === 'waiting')
    await until('pictures again', () => viewer.last!.state === undefined, 30_000)
    t.same(viewer.faults, [])
    t.match(service.log.filter(({ rendition, to }) => rendition === 'thumb' && to === 'waiting'), [{ msg: /rendition thumb: ffmpeg was ended by SIGKILL/ }])
    await unharmed(t)
  })

  await t.test('shows when the camera goes away, and its pictures when it is back', async t => {
    const viewer = view(t, url('low'))
    await until('it has pictures', () => viewer.live.length > 1, 30_000)
    await simulator.setFault('1', { kind: 'refuse' })
    await until('a status frame comes', () => viewer.last!.state !== undefined, 30_000)
    await until('no encoder is left', () => encoders().length === 0)
    await simulator.setFault('1', null)
    await until('pictures again', () => viewer.last!.state === undefined, 60_000)
    t.same(viewer.faults, [])
  })

  await t.test('leaves nothing behind', async t => {
    const viewers = ['thumb', 'low', 'slow'].map(name => view(t, url(name)))
    await until('all encoders run', () => encoders().length === 3, 30_000)
    const stopped = await (await fetch(new URL('stop/1', service.url), { method: 'POST' })).json()
    t.match(stopped, { state: 'stopped' })
    t.equal(encoders().length, 0, 'they are gone before the answer comes')
    await fetch(new URL('start/1', service.url), { method: 'POST' })
    await until('all have pictures', () => viewers.every(({ live }) => live.length > 1), 30_000)
    const { code, ms } = await service.end()
    t.equal(code, 0)
    t.ok(ms < 3_000, `${ms} ms`)
    t.equal(encoders().length, 0)
  })
})
