import t from 'tap'
import type { Hub } from '../../src/frames/hub.js'
import { build } from '../http/build.js'
import { camera, jpeg, pictureOf, turn } from '../fake-launch.js'
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
  t.test('say what came from it, and when', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard' }])
    built.fleet.start()
    t.same(beginningWith('camgate_camera_last', await scrape(built)), {}, 'not before the first picture')
    t.match(await scrape(built), { 'camgate_camera_pictures_total{camera="1"}': 0, 'camgate_camera_received_bytes_total{camera="1"}': 0 })
    built.clock.advance(1_500)
    built.played.frame()
    t.match(await scrape(built), {
      'camgate_camera_last_picture_timestamp_seconds{camera="1"}': built.clock.wall() / 1_000,
      'camgate_camera_pictures_total{camera="1"}': 1,
      'camgate_camera_received_bytes_total{camera="1"}': jpeg.length
    })
  })
  t.test('count its failures by their codes', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard' }])
    built.fleet.start()
    t.same(beginningWith('camgate_camera_failures_total', await scrape(built)), {})
    built.played.frame()
    built.clock.advance(10_000)
    built.played.exit()
    t.same(beginningWith('camgate_camera_failures_total', await scrape(built)), { 'camgate_camera_failures_total{camera="1",code="stalled"}': 1 })
    built.clock.advance(2_000)
    await turn()
    built.played.attempts.at(-1)!.onExit({ code: 'auth', message: 'Refused.', locks: true })
    t.match(await scrape(built), { 'camgate_camera_failures_total{camera="1",code="auth"}': 1, 'camgate_camera_failures_total{camera="1",code="stalled"}': 1 })
  })
  t.test('describe what makes its JPEGs, if something has to', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard' }])
    const { fleet, played, clock } = built
    const ofDecoder = async () => Object.entries(beginningWith('camgate_decoder', await scrape(built))).map(([name, value]) => `${name.replace(/camgate_decoder_|\{.*\}/g, '')} ${value}`)
    fleet.start()
    played.frame()
    t.same(await ofDecoder(), ['restarts_total 0'], 'the camera sends JPEGs')
    played.exit()
    clock.advance(2_000)
    await turn()
    played.track()
    played.coded()
    t.same(await ofDecoder(), ['up 0', 'failing 0', 'restarts_total 0'], 'nobody watches')
    fleet.get('1').hub.subscribe(sink, viewer('mjpeg'))
    await turn()
    played.transcodings[0]!.onPicture(pictureOf(jpeg))
    t.same(await ofDecoder(), ['up 1', 'failing 0', 'restarts_total 0'])
    played.transcodings[0]!.onExit({ code: 1, signal: null, stderr: [] })
    t.same(await ofDecoder(), ['up 0', 'failing 1', 'restarts_total 0'])
    clock.advance(2_000)
    await turn()
    t.same(await ofDecoder(), ['up 0', 'failing 1', 'restarts_total 1'], 'while it tries again')
    played.transcodings[1]!.onPicture(pictureOf(jpeg))
    t.same(await ofDecoder(), ['up 1', 'failing 0', 'restarts_total 1'])
  })
  t.test('count dropped pictures by their causes, and never less than before', async t => {
    const substream = { type: 'rtsp', url: 'rtsp://127.0.0.1/2' } as const
    const built = await build(t, [{ id: '1', name: 'Yard', substream, renditions: [{ name: 'small', width: 160 }] }])
    const { fleet, played, clock } = built
    const dropped = async () => Object.values(beginningWith('camgate_dropped_pictures_total', await scrape(built)))
    const supervisor = fleet.get('1')
    t.same(Object.keys(beginningWith('camgate_dropped', await scrape(built))), ['viewer', 'decoder', 'network'].map(cause => `camgate_dropped_pictures_total{camera="1",cause="${cause}"}`))
    fleet.start()
    played.track()
    played.coded()
    /** A viewer who takes the first of four pictures, so that two are dropped for the fourth. */
    const slowViewer = (hub: Hub<never>) => {
      const subscriber = hub.subscribe(sink, viewer('wall'))
      for (const seq of [1_001, 1_002, 1_003, 1_004]) hub.publish({ seq, at: clock.now(), live: true, key: true, bytes: jpeg, jpeg } as never)
      return subscriber
    }
    const viewers = [supervisor.hub, supervisor.stream('small').hub, supervisor.live.hub, supervisor.substream!.live.hub].map(hub => slowViewer(hub as unknown as Hub<never>))
    await turn()
    played.transcodings[0]!.dropped = 7
    t.same(await dropped(), [8, 7, 0])
    for (const viewer of viewers) viewer.end()
    t.same(await dropped(), [8, 7, 0], 'the viewers have left')
    clock.advance(10_000)
    for (const transcoding of played.transcodings) transcoding.onExit({ code: 0, signal: null, stderr: [] })
    t.same(await dropped(), [8, 7, 0], 'no decoder runs')
    fleet.apply([{ ...camera, name: 'Yard', renditions: [{ name: 'other', width: 80 }] }])
    t.equal(supervisor.substream, undefined)
    t.same(await dropped(), [8, 7, 0], 'another configuration has neither the rendition nor the substream')
  })
  t.test('are 25 at most', async t => {
    const built = await build(t, [{ id: '1', name: 'Yard' }])
    const { fleet, played, clock } = built
    fleet.start()
    for (const code of ['refused', 'stalled', 'dns', 'busy', 'bad-stream', 'auth', 'unreachable', 'exited'] as const) {
      const { length } = played.attempts
      played.attempts.at(-1)!.onExit({ code, message: 'Failed.' })
      while (played.attempts.length === length) {
        clock.advance(500)
        await turn()
      }
    }
    played.track()
    played.coded()
    const names = Object.keys(await scrape(built)).filter(name => name.includes('camera="1"'))
    t.equal(names.length, 25, names.join('\n'))
    t.equal(new Set(names).size, 25)
    t.same(names.filter(name => name.includes('code="other"') || name.includes('code="auth"')).length, 2)
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
