import { pino } from 'pino'
import t from 'tap'
import { Supervisor } from '../../src/camera/supervisor.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { failure } from '../../src/failure/sentences.js'
import type { Frame } from '../../src/frames/frame.js'
import { snapshot } from '../../src/stream/snapshot.js'
import { redact } from '../../src/text/redact.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'

/** A running camera, of which the test plays what it sends. */
async function run (config: Partial<LiveCamera> = {}) {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const lines: string[] = []
  const log = pino({ base: null }, { write: line => { lines.push(JSON.parse(line).msg) } })
  let configured = { ...camera, ...config }
  const supervisor = new Supervisor(configured, played.parts(log))
  const watch = (name?: string) => {
    const seen: Frame[] = []
    const viewer = { seen, ended: false, states: () => seen.map(({ live, state }) => live ? 'live' : state) }
    supervisor.stream(name).hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () { viewer.ended = true } }, { from: 'afar' })
    return viewer
  }
  await supervisor.start()
  await turn()
  return {
    clock,
    played,
    lines,
    supervisor,
    watch,
    last: () => played.attempts.at(-1)!,
    /** Takes over these keys, undefined ones as missing. */
    async apply (keys: { [key in keyof LiveCamera]?: LiveCamera[key] | undefined }) {
      configured = Object.fromEntries(Object.entries({ ...configured, ...keys }).filter(([, value]) => value !== undefined)) as unknown as LiveCamera
      supervisor.apply(configured)
      await turn()
    }
  }
}

t.test('a changed configuration', async t => {
  t.test('changes nothing but text where only that has changed', async t => {
    const { supervisor, played, apply, watch, lines } = await run()
    const { seen } = watch()
    played.frame()
    await apply({ name: 'Gate', maxViewers: 3 })
    played.frame()
    t.equal(played.attempts.length, 1)
    t.match(supervisor.status(), { name: 'Gate', state: 'running', restarts: 0 })
    t.same(seen.map(({ seq, live }) => [seq, live]), [[1, true], [2, true]])
    await apply({ enabled: false })
    t.match(lines.at(-1), /^Gate: stopping/)
  })

  t.test('is written into the status frame that is shown', async t => {
    const { played, apply, watch, clock } = await run()
    watch()
    clock.advance(300)
    await turn()
    await apply({ name: 'Gate' })
    clock.advance(300)
    await turn()
    t.same(played.drawn.map(({ title }) => title), ['Yard', 'Gate'])
  })

  t.test('of the pictures starts only their decoder anew', async t => {
    const { supervisor, played, apply, watch } = await run()
    played.track()
    played.coded()
    const { seen } = watch()
    await turn()
    const [first] = played.transcodings
    await apply({ width: 320 })
    t.equal(first!.stops, 1)
    first!.onExit({ code: 255, signal: null, stderr: [] })
    await turn()
    t.match(played.transcodings.map(({ camera: { width } }) => width), [undefined, 320])
    t.equal(played.attempts.length, 1)
    t.same(played.transcodings[1]!.given.map(({ key }) => key), [true], 'it begins with the group, not with the next key picture')
    t.match([supervisor.state.kind, seen], ['running', []])
  })

  t.test('of the pictures takes another attempt if the attempt makes them', async t => {
    const { played, apply, watch, supervisor } = await run()
    played.frame()
    const viewer = watch()
    await apply({ width: 320 })
    t.equal(played.stops(), 1)
    t.equal(played.attempts.length, 1, 'one after the other')
    played.exit()
    await turn()
    t.match(played.attempts.map(({ camera: { width } }) => width), [undefined, 320])
    t.equal(supervisor.memory, played.attempts[0]!.memory, 'what is known of the camera holds')
    played.frame()
    t.same(viewer.states(), ['live', 'live'])
    t.notOk(viewer.ended)
  })

  t.test('that comes while the attempt waits for its turn needs no other', async t => {
    const { played, apply, supervisor, last } = await run()
    played.frame()
    await apply({ fps: 5 })
    await apply({ fps: 7 })
    await apply({ fps: 20 })
    played.exit()
    await turn()
    t.equal(played.attempts.length, 2)
    t.match(last().camera, { fps: 20 }, 'the newest')
    t.equal(supervisor.state.kind, 'starting')
  })

  t.test('starts and stops the camera', async t => {
    const { supervisor, played, apply } = await run()
    await apply({ enabled: false })
    played.exit()
    t.equal(supervisor.state.kind, 'stopped')
    await apply({ enabled: true })
    t.equal(supervisor.state.kind, 'starting')
    void supervisor.stop()
    played.exit()
    await apply({ name: 'Gate', transport: 'udp', width: 320 })
    t.equal(supervisor.state.kind, 'stopped', 'by hand: nothing else starts it')
  })

  t.test('lets an on-demand camera go, or keeps it', async t => {
    const { supervisor, played, apply } = await run()
    played.frame()
    await apply({ onDemand: true })
    played.exit()
    t.equal(supervisor.state.kind, 'idle')
    await apply({ onDemand: false })
    t.equal(supervisor.state.kind, 'starting')
  })
})

t.test('a changed address or password', async t => {
  const credentials = { username: 'gardener', password: 'wrong-one' }
  const refuse = ({ last }: Awaited<ReturnType<typeof run>>) => last().onExit(failure('auth', last().memory.target))

  t.test('is tried at once, whatever the old one has led to', async t => {
    const all = await run({ credentials })
    refuse(all)
    t.match(all.supervisor.state, { kind: 'waiting', outage: { code: 'auth' } })
    await all.apply({ credentials: { ...credentials, password: 'right-one' } })
    t.match(all.supervisor.state, { kind: 'starting', outage: null })
    t.equal(all.played.attempts.length, 2)
    t.not(all.last().memory, all.played.attempts[0]!.memory)
    t.match(all.last().camera.credentials, { password: 'right-one' })
  })

  t.test('is tried at once if the old one is refused only now', async t => {
    const all = await run({ credentials })
    await all.apply({ credentials: { ...credentials, password: 'right-one' } })
    t.equal(all.supervisor.state.kind, 'stopping')
    refuse(all)
    await turn()
    t.match(all.supervisor.state, { kind: 'starting', outage: null })
    t.equal(all.played.attempts.length, 2)
  })

  t.test('is not what another setting is: a refused password is not tried again for that', async t => {
    const all = await run({ credentials })
    refuse(all)
    await all.apply({ transport: 'udp', onLoss: 'hold' })
    await all.apply({ name: 'Gate', width: 320 })
    t.match(all.supervisor.state, { kind: 'waiting', outage: { code: 'auth' } })
    t.equal(all.played.attempts.length, 1)
  })

  t.test('keeps the viewers', async t => {
    const { played, apply, watch, supervisor } = await run()
    played.frame()
    const viewer = watch()
    await apply({ source: { type: 'rtsp', url: 'rtsp://127.0.0.1/2' } })
    played.exit()
    await turn()
    played.frame()
    t.match(played.attempts.map(({ camera: { source } }) => source), [{ url: /1$/ }, { url: /2$/ }])
    t.same(viewer.seen.map(({ seq }) => seq), [1, 2])
    t.match(supervisor.status(), { address: 'rtsp://127.0.0.1/2', viewers: 1 })
  })

  t.test('hides the new secrets before anything can print them, and the old ones until nothing can', async t => {
    const all = await run({ credentials: { username: 'u', password: 'tulips-1637' } })
    await all.apply({ credentials: { username: 'u', password: 'hyacinth-1734' } })
    t.equal(redact('tulips-1637 hyacinth-1734'), '*** ***')
    all.played.exit()
    await turn()
    t.equal(redact('tulips-1637 hyacinth-1734'), 'tulips-1637 ***')
    void all.supervisor.stop()
    all.played.exit()
    await all.supervisor.close()
    t.equal(redact('hyacinth-1734'), 'hyacinth-1734')
  })
})

t.test('changed renditions', async t => {
  const thumb = { name: 'thumb', width: 32 }
  const small = { name: 'small', width: 48 }

  t.test('come and go while the others and the picture itself go on', async t => {
    const { supervisor, played, apply, watch, clock } = await run({ renditions: [thumb, small] })
    played.frame()
    const [full, gone, kept] = [watch(), watch('thumb'), watch('small')]
    await turn()
    t.match(played.encodings.map(({ picture: { width } }) => width), [32, 48])
    await apply({ renditions: [{ name: 'big', width: 60 }, small] })
    t.same(Object.keys(supervisor.status().renditions), ['big', 'small'], 'in the order of the file')
    t.same(gone.states(), ['removed'])
    t.notOk(gone.ended, 'a slow viewer has time to receive it')
    clock.advance(1_000)
    await turn()
    t.ok(gone.ended)
    t.match(played.drawn, [{ title: 'Yard', paragraphs: [/^This rendition .* removed from the configuration/] }])
    t.same(played.encodings.map(({ stops }) => stops), [1, 0])
    t.notOk(kept.ended || full.ended)
    t.equal(played.attempts.length, 1)
    t.throws(() => supervisor.stream('thumb'), { code: 'RENDITION_NOT_FOUND' })
    played.frame()
    t.equal(full.seen.length, 2)
  })

  t.test('of another size keep their viewers', async t => {
    const { played, apply, watch } = await run({ renditions: [thumb] })
    played.frame()
    const viewer = watch('thumb')
    await turn()
    await apply({ renditions: [{ ...thumb, width: 40 }] })
    played.encodings[0]!.onExit({ code: 255, signal: null, stderr: [] })
    await turn()
    t.match(played.encodings.map(({ picture: { width } }) => width), [32, 40])
    t.notOk(viewer.ended)
  })

  t.test('let a stop of the camera wait for the process of one that is gone', async t => {
    const { supervisor, played, apply, watch, clock } = await run({ renditions: [thumb] })
    played.frame()
    watch('thumb')
    await turn()
    await apply({ renditions: [] })
    clock.advance(1_000)
    let stopped = false
    const stop = supervisor.stop().then(() => { stopped = true })
    played.exit()
    await turn()
    t.notOk(stopped)
    played.encodings[0]!.onExit({ code: 255, signal: null, stderr: [] })
    await stop
  })
})

t.test('a substream', async t => {
  const [one, two] = ['2', '3'].map(path => ({ type: 'rtsp' as const, url: `rtsp://127.0.0.1/${path}` })) as [{ type: 'rtsp', url: string }, { type: 'rtsp', url: string }]

  t.test('comes, changes and goes without the camera', async t => {
    const { supervisor, played, apply } = await run()
    played.track()
    played.coded()
    await apply({ substream: one })
    supervisor.substream!.need({}, true)
    await turn()
    t.same(played.attempts.map(({ id }) => id), ['1', '1.sub'])
    const { substream } = supervisor
    await apply({ substream: two })
    t.equal(supervisor.substream, substream, 'its viewers stay')
    played.exit([], '1.sub')
    await turn()
    t.match(played.attempts.at(-1)!.camera.source, two)
    await apply({ substream: undefined })
    t.match([supervisor.substream, supervisor.status().substream], [undefined, null])
    t.equal(played.stops('1.sub'), 1)
    t.equal(played.stops(), 0)
  })
})

t.test('a removed camera', async t => {
  t.test('shows its viewers that it was removed, and ends them', async t => {
    const { supervisor, played, watch, clock } = await run({ renditions: [{ name: 'thumb', width: 32 }] })
    played.frame()
    const viewers = [watch(), watch('thumb')]
    let removals = 0
    supervisor.on('removed', () => removals++)
    const removed = supervisor.remove()
    await turn()
    t.equal(played.stops(), 1)
    played.frame()
    played.exit()
    for (const encoding of played.encodings) encoding.onExit({ code: 255, signal: null, stderr: [] })
    await turn()
    t.same(viewers.map(viewer => viewer.seen.at(-1)!.state), ['removed', 'removed'])
    t.same(played.drawn.map(({ paragraphs }) => paragraphs[0]), Array(2).fill('This camera has been removed from the configuration.'))
    clock.advance(1_000)
    await removed
    t.ok(viewers.every(({ ended }) => ended))
    t.equal(removals, 1)
    t.equal(clock.pending, 0)
  })

  t.test('leaves a waiting snapshot without a picture', async t => {
    const { supervisor, played, clock } = await run()
    const waiting = snapshot(supervisor.stream(), clock)
    const removed = supervisor.remove()
    played.exit()
    t.equal(await waiting, undefined)
    await turn()
    clock.advance(1_000)
    await removed
    t.equal(clock.pending, 0)
  })

  t.test('is closed at once if camgate ends meanwhile', async t => {
    const { supervisor, played, watch } = await run()
    played.frame()
    const viewer = watch()
    void supervisor.remove()
    await turn()
    const closed = supervisor.close()
    played.exit()
    await closed
    t.ok(viewer.ended)
  })
})
