import t from 'tap'
import { jpeg, turn } from '../fake-launch.js'
import { key, open, viewersOf } from './open-wall.js'

t.test('a tile', async t => {
  t.test('is given the camera\'s video, after what it is, from the newest key picture on', async t => {
    const { run, send, tile, pictures, told, supervisor } = open()
    await run()
    const other = supervisor.live.subscribe({ write (_picture, done) { done() }, end () {} })
    await send(500)
    tile(3)
    await turn()
    t.match(told('config'), [{ id: 3, epoch: 1, kind: 'h264', codec: 'avc1.42c01e', width: 640, height: 360, from: { kind: 'main' } }])
    t.equal(pictures.length, 6, 'the whole group at once')
    await send(100)
    t.same(pictures.map(({ key, tile, epoch, kind, statusFrame, discontinuity }) => ({ key, tile, epoch, kind, statusFrame, discontinuity })),
      Array.from({ length: 7 }, (_, i) => ({ key: i === 0, tile: 3, epoch: 1, kind: 'h264', statusFrame: false, discontinuity: false })))
    t.same(pictures.map(({ seq }) => seq - pictures[0]!.seq), [0, 1, 2, 3, 4, 5, 6])
    t.equal(pictures.at(-1)!.wall, Date.UTC(2026, 0, 1) + 600)
    other.end()
  })

  t.test('is nothing while it is hidden, but is told the state', async t => {
    const wall = open()
    const { run, send, tile, pictures, told, supervisor, played } = wall
    tile(0)
    t.equal(wall.seats, 1)
    wall.wall.receive({ op: 'hide', ids: [0, 99] })
    t.equal(wall.seats, 0)
    await turn()
    t.same(pictures, [], 'nor is it sent what was being drawn')
    await run()
    await send(1_000)
    t.same(viewersOf(supervisor), [0, 0])
    t.same(pictures, [])
    t.same(told('state').map(({ state }) => state), ['stopped', 'starting', 'running'])
    t.equal(played.transcodings.length, 0)
    wall.wall.receive({ op: 'show', ids: [0] })
    await send(2_000)
    t.ok(pictures.length > 10)
    const epoch = pictures.at(-1)!.epoch
    wall.wall.receive({ op: 'hide', ids: [0] })
    wall.wall.receive({ op: 'show', ids: [0] })
    await send(2_000)
    t.equal(pictures.at(-1)!.epoch, epoch + 1, 'a decoder begins again')
    wall.wall.receive({ op: 'close', ids: [0] })
    t.same([wall.seats, ...viewersOf(supervisor)], [0, 0, 0])
  })

  t.test('is closed, with a reason, if its camera is removed', async t => {
    const { run, send, tile, told, supervisor, wall, seats } = open()
    await run()
    tile(3)
    await send(100)
    void supervisor.remove()
    t.match(told('error'), [{ id: 3, code: 'CAMERA_REMOVED', message: /removed from the configuration/ }])
    t.equal(seats, 0)
    t.equal(supervisor.listenerCount('removed'), 0)
    const { length } = told('state')
    wall.receive({ op: 'show', ids: [3] })
    await send(100)
    t.equal(told('state').length, length)
    t.same(viewersOf(supervisor), [0, 0])
  })

  t.test('goes on with the full picture if the rendition that it shows is removed', async t => {
    const { run, tile, told, supervisor, out, played } = open({ renditions: [{ name: 'thumb', width: 64 }] })
    await run()
    tile(3, { accept: ['jpeg'], width: 64, height: 36 })
    await turn()
    out()
    await turn()
    t.match(told('config').at(-1), { from: { kind: 'rendition', name: 'thumb' } })
    supervisor.apply({ ...supervisor.camera, renditions: [] })
    await turn()
    out()
    await turn()
    t.match(told('config').at(-1), { from: { kind: 'rendition', name: 'w320' } })
    t.equal(played.attempts.length, 1)
  })

  t.test('may be opened hidden, without a seat until it is shown', async t => {
    const opened = open()
    opened.tile(0, { hidden: true })
    t.equal(opened.told('state').length, 1)
    t.equal(opened.seats, 0)
    opened.wall.receive({ op: 'show', ids: [0] })
    t.equal(opened.seats, 1)
  })

  t.test('changes its priority without losing a picture', async t => {
    const { run, send, tile, told, pictures } = open()
    await run()
    tile(0)
    await send(1_000)
    tile(0, { priority: 7, width: 1280 })
    await send(1_000)
    t.equal(told('config').length, 1)
    t.same(pictures.map(({ seq }) => seq - pictures[0]!.seq), pictures.map((_, i) => i))
  })

  t.test('starts no decoder to show why there is no picture', async t => {
    const { tile, pictures, played, supervisor, clock } = open()
    tile(0)
    await turn()
    t.equal(pictures.length, 1, 'it is stopped')
    await supervisor.start()
    await turn()
    clock.advance(299)
    await turn()
    t.equal(pictures.length, 1)
    clock.advance(1)
    await turn()
    t.match(pictures.at(-1), { statusFrame: true, kind: 'jpeg', key: true, tile: 0 })
    played.track()
    played.coded(true, '1', key)
    await turn()
    t.match(pictures.at(-1), { statusFrame: false, kind: 'h264' })
    played.exit(['Connection refused'])
    await turn()
    t.match(pictures.at(-1), { statusFrame: true })
    t.equal(played.transcodings.length, 0)
    t.same(viewersOf(supervisor), [1, 0])
  })

  t.test('wakes an on-demand camera, and is given JPEGs if that sends these', async t => {
    const { tile, pictures, played, supervisor, told } = open({ onDemand: true, width: 320, height: 240 })
    await supervisor.start()
    t.equal(supervisor.state.kind, 'idle')
    tile(0)
    await turn()
    t.equal(supervisor.state.kind, 'starting')
    played.frame()
    t.same(viewersOf(supervisor), [0, 1])
    t.match(pictures.at(-1), { kind: 'jpeg', bytes: jpeg, statusFrame: false })
    t.match(told('config').at(-1), { kind: 'jpeg', from: { kind: 'rendition', name: 'full' }, why: undefined })
    played.frame()
    t.equal(told('config').length, 1)
  })

  t.test('is given a rendition if that is large enough', async t => {
    const { run, tile, supervisor } = open()
    await run()
    tile(0, { accept: ['jpeg'], width: 300, height: 200 })
    t.equal(supervisor.stream('w320').hub.viewers, 1)
    tile(0, { accept: ['jpeg'], width: 600, height: 400 })
    t.equal(supervisor.stream('w320').hub.viewers, 0)
    t.same(viewersOf(supervisor), [0, 1])
  })

  t.test('is given JPEGs at its rate if the camera sends more pictures a second', async t => {
    const { run, send, tile, supervisor, told } = open()
    await run()
    tile(0, { fps: 5 })
    tile(1, { fps: 10 })
    await send(4_000)
    t.same(viewersOf(supervisor), [2, 0])
    await send(2_000)
    t.same(viewersOf(supervisor), [1, 1])
    t.equal(supervisor.hub.fps, 5)
    tile(0, { fps: 12 })
    t.same(viewersOf(supervisor), [2, 0])
    t.same(told('error'), [])
  })

  t.test('is given the substream if that is large enough, as soon as it comes and as long as it works', async t => {
    const wall = open({ substream: { type: 'rtsp', url: 'rtsp://127.0.0.1/2' } })
    const { run, send, tile, told, played, supervisor, pictures } = wall
    const sources = () => told('config').map(({ from, width }) => `${from.kind} ${width}`)
    const small = { ...key, format: { ...key.format, width: 320, height: 180 } }
    await run()
    tile(0)
    await send(1_000)
    t.equal(supervisor.substream!.state.kind, 'idle', 'a large tile does not need it')
    tile(0, { width: 320, height: 180 })
    await send(1_000)
    t.same(sources(), ['main 640'], 'nothing is missed meanwhile')
    played.track('1.sub')
    played.coded(true, '1.sub', small)
    await turn()
    t.same(sources(), ['main 640', 'substream 320'])
    t.same(viewersOf(supervisor), [0, 0])
    t.match(pictures.at(-1), { key: true, epoch: 2 })
    played.attempts.findLast(({ id }) => id === '1.sub')!.onExit({ code: 'busy', message: 'Busy.' })
    await send(500)
    t.same(sources(), ['main 640', 'substream 320', 'main 640'])
    wall.wall.receive({ op: 'hide', ids: [0] })
    t.equal(supervisor.substream!.isNeeded, true, 'for another ten seconds')
    await send(12_000)
    t.equal(supervisor.substream!.isNeeded, false)
  })

  t.test('is closed by an error that is about it', async t => {
    const opened = open()
    opened.tile(0)
    opened.tile(0, { camera: 'none' })
    t.match(opened.told('error'), [{ id: 0, code: 'CAMERA_NOT_FOUND' }])
    t.equal(opened.seats, 0)
    opened.wall.receive({ op: 'show', ids: [0] })
    t.equal(opened.seats, 0)
  })
})

t.test('a client that is slow', async t => {
  t.test('skips to the next key picture after half a second, and is told so', async t => {
    const { run, send, tile, told, pictures, client, credit, supervisor, played, clock } = open()
    await run()
    tile(0)
    await send(2_900)
    client.isDeaf = true
    await send(100)
    const before = pictures.length
    played.coded(false, '1', { bytes: Buffer.alloc(300_000) }) // more than the window, while another is on its way
    await send(500)
    client.isDeaf = false
    credit()
    await turn()
    t.equal(pictures.length, before + 6, 'half a second is not too long')
    t.notOk(pictures.some(({ discontinuity }) => discontinuity))

    client.isDeaf = true
    await send(100)
    played.coded(false, '1', { bytes: Buffer.alloc(2_000_000) }) // the window has grown
    await send(200)
    clock.advance(400)
    client.isDeaf = false
    credit()
    await turn()
    t.equal(pictures.length, before + 7)
    t.match(told('drop'), [{ id: 0, pictures: 3 }])
    await send(200)
    t.equal(pictures.length, before + 7, 'and none is sent that needs them')
    await send(2_000)
    t.match(pictures[before + 7], { key: true, discontinuity: true })
    t.match(supervisor.status().watching, [{ by: 'wall', droppedTotal: told('drop').reduce((sum, { pictures }) => sum + pictures, 0) }])
  })

  t.test('is given JPEGs after two skips in ten seconds, and video again after thirty', async t => {
    const { run, send, tile, told, pictures, client, credit, supervisor, clock, out } = open()
    await run()
    for (const id of [0, 1]) tile(id)
    const block = async () => {
      client.isDeaf = true
      const { length } = pictures
      supervisor.coded.publish({ codec: 'h264', key: false, damaged: false, bytes: Buffer.alloc(300_000), at: clock.now(), rtpTime: undefined })
      supervisor.coded.publish({ codec: 'h264', key: false, damaged: false, bytes: Buffer.alloc(300_000), at: clock.now(), rtpTime: undefined })
      await send(900)
      client.isDeaf = false
      credit()
      await turn()
      credit()
      t.ok(pictures.length > length)
    }
    await send(2_000)
    await block()
    await send(2_100)
    t.same(viewersOf(supervisor), [2, 0])
    await block()
    await send(1_000)
    t.same(viewersOf(supervisor), [1, 1], 'one at a time')
    await send(1_000)
    t.same(viewersOf(supervisor), [0, 2])
    out()
    await turn()
    t.match(told('config').at(-1), { kind: 'jpeg', why: /keep up/ })
    t.match(pictures.at(-1), { kind: 'jpeg', statusFrame: false })
    for (let s = 0; s < 32; s++) {
      out()
      await send(1_000)
    }
    t.same(viewersOf(supervisor), [2, 0])
    t.match(told('config').at(-1), { kind: 'h264' })
  })

  t.test('is sent the newest JPEG, and counts those that it skipped', async t => {
    const { supervisor, played, tile, pictures, client, credit, told, clock } = open({ width: 320, height: 240 })
    await supervisor.start()
    await turn()
    played.frame()
    tile(0, { accept: ['jpeg'] })
    await turn()
    client.isDeaf = true
    const large = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(262_144 - 2 * jpeg.length - 40), jpeg.subarray(-2)])
    played.frame('1', large)
    const { length } = pictures
    for (let i = 0; i < 5; i++) {
      clock.advance(1_000)
      played.frame()
    }
    await turn()
    t.ok(pictures.length < length + 5)
    client.isDeaf = false
    credit()
    await turn()
    t.equal(pictures.at(-1)!.wall, clock.wall(), 'the newest')
    t.equal(pictures.at(-1)!.discontinuity, true)
    t.ok(told('drop').reduce((sum, { pictures }) => sum + pictures, 0) >= 1)
  })
})
