import t from 'tap'
import { build } from '../http/build.js'
import { camera } from '../fake-launch.js'
import { beginningWith, seriesOf } from './series.js'

type Built = Awaited<ReturnType<typeof build>>
const scrape = async ({ app }: Built) => seriesOf((await app.inject('/metrics')).body)
const statesOf = async (built: Built, id = '1') => Object.entries(beginningWith(`camgate_camera_state{camera="${id}"`, await scrape(built))).filter(([, value]) => value === 1).map(([name]) => /state="(\w+)"/.exec(name)![1])
const viewer = (by: 'mjpeg' | 'wall') => ({ from: '192.0.2.0', by })
const sink = { write () {}, end () {} }

t.test('the series of a camera', async t => {
  t.test('follow its state', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard' }])
    const { fleet, played } = built
    const upAndEnabled = async () => {
      const { 'camgate_camera_up{camera="1"}': up, 'camgate_camera_enabled{camera="1"}': enabled } = await scrape(built)
      return [up, enabled, ...await statesOf(built)]
    }
    t.same(await upAndEnabled(), [0, 0, 'stopped'])
    fleet.start()
    t.same(await upAndEnabled(), [0, 1, 'starting'])
    played.frame()
    t.same(await upAndEnabled(), [1, 1, 'running'])
    played.exit()
    t.same(await upAndEnabled(), [0, 1, 'waiting'])
    built.clock.advance(30_000)
    void fleet.command('stop', '1')
    t.same(await upAndEnabled(), [0, 0, 'stopping'], 'stopped by hand')
    played.exit()
    t.same(await upAndEnabled(), [0, 0, 'stopped'])
    t.equal(Object.keys(beginningWith('camgate_camera_state', await scrape(built))).length, 6)
  })
  t.test('tell a camera that nobody watches from one that is down', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard', onDemand: true }])
    built.fleet.start()
    t.same(await statesOf(built), ['idle'])
    t.match(await scrape(built), { 'camgate_camera_up{camera="1"}': 0, 'camgate_camera_enabled{camera="1"}': 1 })
  })
  t.test('have its name, as it is now', async t => {
    const name = 'Yard "east"\\\n\u0000 ü 🐄'
    const built = await build(t, [{ id: '1', name }])
    const written = '"Yard \\"east\\"\\\\\\n\u0000 ü 🐄"'
    t.same(beginningWith('camgate_camera_info', await scrape(built)), { [`camgate_camera_info{camera="1",name=${written}}`]: 1 })
    built.fleet.apply([{ ...camera, name: 'Gate' }])
    t.same(beginningWith('camgate_camera_info', await scrape(built)), { 'camgate_camera_info{camera="1",name="Gate"}': 1 })
  })
  t.test('count its viewers by the way in which they get pictures, of all its streams', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard' }])
    const supervisor = built.fleet.get('1')
    supervisor.hub.subscribe(sink) // one of camgate's own
    const first = supervisor.hub.subscribe(sink, viewer('mjpeg'))
    supervisor.stream('w320').hub.subscribe(sink, viewer('mjpeg'))
    supervisor.hub.subscribe(sink, viewer('wall'))
    supervisor.live.subscribe(sink, viewer('wall'))
    t.same(beginningWith('camgate_viewers', await scrape(built)), { 'camgate_viewers{camera="1",transport="mjpeg"}': 2, 'camgate_viewers{camera="1",transport="wall"}': 2 })
    first.end()
    t.match(await scrape(built), { 'camgate_viewers{camera="1",transport="mjpeg"}': 1 })
  })
  t.test('are gone when it is removed', async t => {
    const built = await build(t)
    built.fleet.start()
    built.fleet.apply([{ ...camera, id: 'lab', name: 'Laboratory' }])
    const names = Object.keys(await scrape(built))
    t.same(names.filter(name => name.includes('camera="1"')), [])
    t.ok(names.some(name => name.includes('camera="lab"')))
  })
})
