import t from 'tap'
import { LINGER_MS } from '../../src/lifecycle/demand.js'
import { STALL_TIMEOUT_MS } from '../../src/lifecycle/lifecycle.js'
import { snapshot } from '../../src/stream/snapshot.js'
import { turn } from '../fake-launch.js'
import { supervise } from './coded-camera.js'

t.test('a camera whose pictures are coded', async t => {
  t.test('is read without a process while nobody watches', async t => {
    const all = supervise()
    const { supervisor, played, film, clock } = all
    await all.run()
    film(3 * STALL_TIMEOUT_MS)
    t.equal(played.transcodings.length, 0)
    t.match(supervisor.status(), { state: 'running', failure: null, frameAgeMs: null, decoder: { state: 'idle', name: null, for: null, failure: null } })
    t.match(supervisor.stream().state, { kind: 'idle' })
    clock.advance(STALL_TIMEOUT_MS)
    t.match(supervisor.status(), { state: 'stopping', failure: { code: 'stalled' } }, 'its own pictures decide whether it stalls')
    t.match(supervisor.stream().state, { kind: 'stopping', goal: { outage: { code: 'stalled' } } }, 'viewers see its failure before it has ended')
  })

  t.test('is shown to a viewer from the group on, and for 10 seconds after the last', async t => {
    const all = supervise()
    const { supervisor, played, watch, last, out, film, clock, exitDecoder } = all
    await all.run()
    played.coded(false)
    const one = watch()
    t.equal(played.transcodings.length, 1, 'at once')
    t.same(last().given.map(({ key }) => key), [true, false])
    t.match(supervisor.status(), { state: 'running', decoder: { state: 'starting', for: 'viewers' } })
    out()
    t.match(one.seen, [{ live: true }])
    t.match(supervisor.status(), { state: 'running', framesTotal: 1, viewers: 1, decoder: { state: 'running', name: 'software', for: 'viewers' } })
    one.leave()
    t.match(supervisor.status().decoder, { state: 'running', for: 'linger' })
    film(LINGER_MS - 1)
    const two = watch()
    t.equal(two.seen.length, 1, 'the newest picture, at once')
    two.leave()
    film(LINGER_MS - 1)
    t.equal(last().stops, 0)
    clock.advance(1)
    t.equal(last().stops, 1)
    exitDecoder()
    t.match(supervisor.status(), { state: 'running', frameAgeMs: null, decoder: { state: 'idle', for: null } }, 'no frame is expected')
    t.equal(played.stops(), 0)
    t.equal(supervisor.hub.latest, undefined, 'the next viewer is not shown an old picture')
  })

  t.test('is decoded for a snapshot', async t => {
    const all = supervise()
    const { supervisor, clock, out, played } = all
    await all.run()
    const taken = snapshot(supervisor.stream(), clock)
    t.equal(played.transcodings.length, 1)
    out()
    t.match(await taken, { live: true })
    t.equal(supervisor.status().decoder?.for, 'linger')
  })

  t.test('is always decoded with decode: always, while it is read', async t => {
    const all = supervise({ decode: 'always' })
    const { supervisor, watch, played, clock, film, out, last, exitDecoder } = all
    await supervisor.start()
    await turn()
    t.equal(played.transcodings.length, 0, 'there is nothing to decode yet')
    await all.connect()
    t.equal(played.transcodings.length, 1)
    out()
    t.match(supervisor.status().decoder, { state: 'running', for: 'always' })
    t.match(supervisor.status(), { frameAgeMs: 0 })
    const { leave } = watch()
    t.equal(supervisor.status().decoder?.for, 'viewers')
    leave()
    t.equal(supervisor.status().decoder?.for, 'always')
    film(2 * LINGER_MS)
    t.equal(last().stops, 0)
    played.exit()
    t.equal(last().stops, 1)
    exitDecoder()
    t.equal(supervisor.status().decoder, null)
    clock.advance(1_000)
    await all.connect()
    t.equal(played.transcodings.length, 2)
  })

  t.test('is not even connected while nobody watches with onDemand, whatever decode says', async t => {
    for (const decode of ['watched', 'always'] as const) {
      const all = supervise({ onDemand: true, decode })
      const { supervisor, watch, played, clock, film, out, last, exitDecoder } = all
      await supervisor.start()
      await turn()
      t.equal(played.attempts.length, 0)
      const { leave } = watch()
      await all.connect()
      t.equal(played.transcodings.length, 1)
      out()
      leave()
      film(LINGER_MS - 1)
      t.same([played.stops(), last().stops], [0, 0])
      clock.advance(1)
      t.same([played.stops(), last().stops], [1, 1], 'both at once')
      played.exit()
      exitDecoder()
      t.match(supervisor.status(), { state: 'idle', decoder: null })
      t.equal(clock.pending, 0)
    }
  })

  t.test('is connected, but not decoded, for viewers of its own video', async t => {
    const all = supervise({ onDemand: true })
    const { supervisor, played, clock, film } = all
    await supervisor.start()
    const subscriber = supervisor.live.subscribe({ write (_, done) { done() }, end () {} })
    await all.connect()
    t.same([played.attempts.length, played.transcodings.length], [1, 0])
    subscriber.end()
    film(LINGER_MS)
    t.equal(played.stops(), 1)
    played.exit()
    t.equal(supervisor.state.kind, 'idle')
    t.equal(clock.pending, 0)
  })

  t.test('is stopped once neither its reader nor its decoder is left', async t => {
    for (const isReaderFirst of [true, false]) {
      const all = supervise()
      const { supervisor, watch, played, out, last, exitDecoder, clock } = all
      await all.run()
      const { seen } = watch()
      out()
      let received = 0
      supervisor.coded.subscribe({ write (_, done) { received++; done() }, end () {} })
      let isStopped = false
      const stopped = supervisor.stop().then(() => { isStopped = true })
      t.same([played.stops(), last().stops], [1, 1], 'both at once')
      out()
      played.coded(false)
      t.equal(received, 1)
      const ends = [() => { played.exit() }, () => { exitDecoder() }]
      if (!isReaderFirst) ends.reverse()
      ends[0]!()
      await turn()
      t.notOk(isStopped)
      ends[1]!()
      await stopped
      t.equal(seen.filter(({ live }) => live).length, 1, 'pictures that come while it stops are not shown')
      t.match(supervisor.status(), { state: 'stopped', decoder: null })
      await supervisor.close()
      t.equal(clock.pending, 0)
    }
  })

  t.test('is decoded anew when it has connected again', async t => {
    const all = supervise()
    const { supervisor, watch, played, out, last, exitDecoder, clock } = all
    await all.run()
    const { seen } = watch()
    out()
    played.exit(['[error] Connection refused'])
    t.equal(last().stops, 1)
    t.match(supervisor.status(), { state: 'waiting', failure: { code: 'refused' }, decoder: null })
    t.match(supervisor.stream().state, { kind: 'waiting', outage: { code: 'refused' } }, 'viewers see the camera\'s failure')
    exitDecoder()
    clock.advance(1_000)
    await all.connect()
    t.equal(played.transcodings.length, 2)
    t.equal(last().given.length, 1, 'nothing of the connection before')
    out()
    t.match(seen.at(-1), { live: true })
  })

  t.test('is decoded once the first key picture has shown its format, if it has not announced it', async t => {
    const { supervisor, watch, played, last } = supervise()
    await supervisor.start()
    watch()
    await turn()
    played.track('1', { format: undefined })
    await turn()
    t.equal(played.transcodings.length, 0)
    played.coded(true, '1', { format: { profile: 'High 10', width: 64, height: 48, depth: 10 } })
    await turn()
    t.equal(played.transcodings.length, 1)
    t.match(last(), { stops: 0, track: { format: { depth: 10 } } })
    t.equal(last().given.length, 1)
  })

  t.test('may send JPEGs the next time', async t => {
    const all = supervise()
    const { supervisor, watch, played, out, exitDecoder, clock } = all
    await all.run()
    const { seen } = watch()
    out()
    played.exit()
    exitDecoder()
    clock.advance(1_000)
    await turn()
    played.frame()
    t.match(seen.at(-1), { live: true })
    t.match(supervisor.stream().state, { kind: 'running' })
    t.match(supervisor.status(), { state: 'running', decoder: null, frameAgeMs: 0, framesTotal: 2 })
    t.equal(played.transcodings.length, 1)
  })

  t.test('says how long a viewer may have to wait for a key picture', async t => {
    const all = supervise()
    const { supervisor, watch, played, film, clock } = all
    await all.run()
    film(4_000)
    played.coded()
    film(13_000)
    t.match(supervisor.coded.report(), { group: null, groupExceeded: 'time' })
    watch()
    clock.advance(300)
    await turn()
    t.match(played.drawn, [{ paragraphs: ['Waiting for the camera\'s next key picture, which comes about every 15 seconds …', /^since/] }])
    const quick = supervise()
    await quick.run()
    quick.film(4_000)
    quick.played.coded()
    quick.watch()
    quick.clock.advance(300)
    await turn()
    t.match(quick.played.drawn, [{ paragraphs: ['Waiting for the first picture …', /^since/] }], 'there is a group')
    const large = supervise()
    await large.run()
    large.film(2_000)
    large.played.coded()
    large.played.coded(false, '1', { bytes: Buffer.alloc(8 * 1024 * 1024) })
    t.match(large.supervisor.coded.report(), { keyIntervalMs: 2_000, groupExceeded: 'bytes' })
    large.watch()
    large.clock.advance(300)
    await turn()
    t.match(large.played.drawn, [{ paragraphs: ['Waiting for the first picture …', /^since/] }], 'a short wait needs no reason')
  })

  t.test('leaves nothing when it is closed, also while its decoder waits for its next try', async t => {
    const all = supervise()
    const { supervisor, watch, played, exitDecoder, clock } = all
    await all.run()
    watch()
    let ends = 0
    supervisor.coded.subscribe({ write (_, done) { done() }, end () { ends++ } })
    exitDecoder(1)
    t.equal(supervisor.status().decoder?.state, 'waiting')
    const closed = supervisor.close()
    played.exit()
    await closed
    t.equal(clock.pending, 0)
    t.equal(ends, 1, 'whoever needs its coded pictures is told')
  })
})
