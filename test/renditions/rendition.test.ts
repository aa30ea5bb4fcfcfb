import { pino } from 'pino'
import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { LINGER_MS } from '../../src/lifecycle/demand.js'
import { STALL_TIMEOUT_MS } from '../../src/lifecycle/lifecycle.js'
import type { Rendition } from '../../src/renditions/rendition.js'
import { snapshot } from '../../src/stream/snapshot.js'
import { Supervisor } from '../../src/camera/supervisor.js'
import type { Frame } from '../../src/frames/frame.js'
import { partOf } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'
import { camera, jpeg, FakeLaunch, turn, wordsJpeg } from '../fake-launch.js'
import { whole } from '../jpegs.js'

/** A camera with a rendition. The test plays the processes of both. */
function supervise (config: Partial<LiveCamera> = {}) {
  const clock = new FakeClock()
  const lines: Array<{ msg: string }> = []
  const log = pino({ base: null }, { write: line => { lines.push(JSON.parse(line)) } })
  const played = new FakeLaunch(clock)
  const supervisor = new Supervisor({ ...camera, renditions: [{ name: 'thumb', width: 32, fps: 5 }], ...config }, played.parts(log))
  const rendition = supervisor.stream('thumb') as Rendition
  const watch = (fps?: number) => {
    const seen: Frame[] = []
    const subscriber = rendition.hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () {} }, { fps })
    return { seen, leave: () => subscriber.end() }
  }
  return {
    clock,
    lines,
    played,
    supervisor,
    rendition,
    watch,
    encoding: () => played.encodings.at(-1)!,
    /** ffmpeg writes a picture. */
    out: () => played.encodings.at(-1)!.onJpeg(whole(jpeg)),
    exit: (code: number | null = 255, signal: NodeJS.Signals | null = null) => played.encodings.at(-1)!.onExit({ code, signal, stderr: [] }),
    async run () {
      await supervisor.start()
      await turn()
      played.frame()
    }
  }
}

t.test('a rendition', async t => {
  t.test('is marked as damaged if its original is', async t => {
    const { run, played, watch, out } = supervise({ renditions: [{ name: 'thumb', width: 32 }] })
    await run()
    const { seen } = watch()
    await turn()
    out()
    played.damage()
    played.frame()
    out()
    played.damage(false)
    played.frame()
    out()
    t.same(seen.map(({ damaged }) => damaged), [false, true, false])
  })

  t.test('is made by one process for all viewers, and for a while after the last', async t => {
    const { run, played, watch, encoding, rendition, supervisor, clock, out, exit } = supervise()
    await run()
    t.equal(played.encodings.length, 0, 'nobody watches')
    const [one, two] = [watch(), watch()]
    await turn()
    t.equal(played.encodings.length, 1)
    t.same(encoding().picture, { width: 32, height: undefined, quality: undefined })
    t.equal(encoding().given.length, 1, 'the newest picture, at once')
    out()
    t.match(rendition.status(), { state: 'running', viewers: 2, framesTotal: 1, width: 64, failure: null })
    t.match(supervisor.status(), { viewers: 0, droppedTotal: 0, renditions: { thumb: { viewers: 2 } } })
    t.same([one.seen.length, two.seen.length], [1, 1])
    one.leave()
    two.leave()
    t.equal(supervisor.hub.viewers, 0, 'it has unsubscribed')
    clock.advance(200)
    t.equal(rendition.hub.latest, undefined, 'the next viewer is not shown an old picture')
    clock.advance(LINGER_MS - 201)
    t.equal(encoding().stops, 0)
    const three = watch()
    t.equal(encoding().given.length, 2)
    played.frame() // otherwise the camera would stall
    out()
    t.equal(three.seen.length, 1)
    t.equal(played.encodings.length, 1)
    three.leave()
    clock.advance(LINGER_MS - 1)
    played.frame()
    clock.advance(1)
    t.equal(encoding().stops, 1)
    t.match(rendition.status(), { state: 'stopping' }, 'nobody waits for a picture')
    exit()
    t.match(rendition.status(), { state: 'idle', viewers: 0, frameAgeMs: null })
    t.equal(played.attempts.length, 1)
    t.equal(played.stops(), 0, 'the camera keeps running')
  })

  t.test('discards a picture that was still in the process when the last viewer left', async t => {
    const { run, watch, rendition, out } = supervise({ renditions: [{ name: 'thumb', width: 32 }] })
    await run()
    const { leave } = watch()
    await turn()
    leave()
    out()
    t.equal(rendition.hub.latest, undefined)
  })

  t.test('also keeps to its rate for viewers who come for one picture each and leave', async t => {
    const { run, played, encoding, clock, out, rendition } = supervise({ renditions: [{ name: 'thumb', width: 32, fps: 1 }] })
    await run()
    const ages: Array<number | undefined> = []
    for (let i = 0; i < 40; i++) {
      const before = played.encodings.length && encoding().given.length
      const taken = snapshot(rendition, clock)
      await turn()
      if (encoding().given.length > before) out()
      const frame = await taken
      ages.push(frame && clock.now() - frame.at)
      clock.advance(100)
      played.frame()
    }
    t.equal(ages[0], 0, 'the first is made at once')
    t.ok(encoding().given.length >= 4 && encoding().given.length <= 5, `${encoding().given.length} pictures in 4 s`)
    t.ok(ages.every(age => age !== undefined && age <= 1_000), `ages: ${ages}`)
  })

  t.test('has its pictures at its own rate, with the times of the camera\'s', async t => {
    const { run, watch, encoding, played, clock, out } = supervise()
    await run()
    const { seen } = watch()
    await turn()
    out()
    const came = []
    for (let i = 0; i < 20; i++) {
      clock.advance(43)
      const before = encoding().given.length
      played.frame()
      const due = encoding().given.length > before
      if (due) came.push(clock.now())
      clock.advance(7)
      if (due) out()
    }
    t.equal(came.length, 5)
    t.same(seen.slice(1).map(({ at }) => at), came)
    t.match(partOf(seen[1]!).toString('latin1'), `X-Timestamp: ${((Date.UTC(2026, 0, 1) + came[0]!) / 1000).toFixed(3)}\r\n`)
    t.same(seen.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6])
  })

  /** For `ms`, the camera sends a picture every `interval` milliseconds, and ffmpeg makes one from each that it gets. */
  async function film ({ clock, played, encoding, out }: ReturnType<typeof supervise>, ms: number, interval = 50) {
    const made = encoding().given.length
    for (let i = 0; i < ms / interval; i++) {
      clock.advance(interval - 10)
      const before = encoding().given.length
      played.frame()
      clock.advance(10)
      if (encoding().given.length > before) out()
      await turn()
    }
    return encoding().given.length - made
  }

  t.test('runs at the rate of its fastest viewer', async t => {
    const all = supervise({ renditions: [{ name: 'thumb', width: 32 }] })
    const { run, watch, out, rendition } = all
    const between = (count: number, least: number, most: number) => t.ok(count >= least && count <= most, `${count} pictures, ${least} to ${most}`)
    await run()
    const slow = watch(1)
    await turn()
    out()
    between(await film(all, 10_000), 9, 10)
    between(slow.seen.length, 10, 11)
    const faster = watch(4)
    out()
    between(await film(all, 10_000), 39, 40)
    between(slow.seen.length, 20, 22)
    const fastest = watch()
    out()
    t.equal(await film(all, 5_000), 100, 'a viewer without a limit gets all')
    fastest.leave()
    faster.leave()
    between(await film(all, 10_000), 9, 10)
    slow.leave()
    const crawling = Array.from({ length: 20 }, () => watch(0.001))
    out()
    t.same(crawling.map(({ seen }) => seen.length), Array(20).fill(1), 'each has one picture, at once')
    t.equal(await film(all, 60_000), 0, 'however many viewers there are')
    t.equal(rendition.status().state, 'running', 'it does not stall')
  })

  t.test('makes a new picture for a new viewer, however slow the others are', async t => {
    for (const interval of [50, 4_000]) {
      const all = supervise({ fps: 1, renditions: [{ name: 'thumb', width: 32 }] })
      const { run, watch, out, rendition, clock, supervisor, encoding } = all
      await run()
      watch(0.001)
      await turn()
      out()
      await film(all, 12_000, interval)
      clock.advance(interval / 2)
      const before = encoding().given.length
      for (let i = 1; i <= 10; i++) {
        const taken = snapshot(rendition, clock)
        if (encoding().given.length === before + i) out()
        t.equal((await taken)?.at, supervisor.hub.latest!.at, `the camera's newest, every ${interval} ms`)
        await film(all, interval, interval)
      }
      t.equal(encoding().given.length, before + 10, 'one for each viewer')
      const another = watch(0.001)
      out()
      t.equal(another.seen.length, 1)
    }
  })

  t.test('shows the camera\'s failure in its own size, and stops its process until then', async t => {
    const { run, watch, encoding, played, clock, out, exit, rendition } = supervise()
    await run()
    const { seen } = watch()
    await turn()
    out()
    played.exit(['[tcp @ 0x1] [error] Connection to tcp://127.0.0.1:554 failed: Connection refused'])
    t.equal(encoding().stops, 1)
    exit()
    await turn()
    t.match(rendition.status(), { state: 'waiting', failure: { code: 'refused' }, nextRetryAt: String })
    t.match(seen.slice(1), [{ live: false }])
    t.ok(seen[1]!.jpeg.equals(wordsJpeg))
    t.match(played.drawn, [{ title: 'Yard', paragraphs: [/Nothing answers/, /^since/], over: jpeg }])
    t.equal(played.drawn.length, 1, 'the camera\'s own picture has no viewers')
    clock.advance(1_000)
    await turn()
    played.frame()
    await turn()
    t.equal(played.encodings.length, 2)
    out()
    t.match(seen.at(-1), { live: true })
    t.match(rendition.status(), { state: 'running', failure: null })
  })

  t.test('restarts its process when it dies, and logs that', async t => {
    const { run, watch, played, clock, out, exit, rendition, supervisor, lines } = supervise()
    await run()
    const { seen } = watch()
    await turn()
    out()
    exit(null, 'SIGKILL')
    await turn()
    t.match(rendition.status(), { state: 'waiting', failure: { code: 'exited', message: 'ffmpeg was ended by SIGKILL.' }, nextRetryAt: '2026-01-01T00:00:01.000Z' })
    t.match(supervisor.status(), { state: 'running', failure: null })
    t.match(lines.at(-1), { camera: '1', rendition: 'thumb', from: 'running', to: 'waiting', msg: 'Yard, rendition thumb: ffmpeg was ended by SIGKILL. Next try in 1 s.' })
    t.match(seen.at(-1), { live: false })
    played.frame()
    clock.advance(1_000)
    await turn()
    t.equal(played.encodings.length, 2)
    out()
    t.match(seen.at(-1), { live: true })
    exit(255)
    t.match(rendition.status().failure, { code: 'exited', message: 'ffmpeg exited with code 255.' })
    exit(0)
    t.equal(played.encodings.length, 2, 'a second end is ignored')
  })

  t.test('stops a process that outputs nothing for its pictures, but not one that got none', async t => {
    const { run, watch, encoding, played, clock, out, rendition, supervisor, exit } = supervise()
    await run()
    watch()
    await turn()
    out()
    for (let i = 0; i < 30; i++) {
      clock.advance(STALL_TIMEOUT_MS / 10)
      played.frame()
      out()
    }
    clock.advance(STALL_TIMEOUT_MS - 1) // the camera stalls next
    t.equal(encoding().stops, 0)
    played.frame()
    for (let i = 0; i < 10; i++) {
      t.equal(encoding().stops, 0)
      clock.advance(STALL_TIMEOUT_MS / 10)
      played.frame()
    }
    t.equal(encoding().stops, 1)
    exit()
    t.match(rendition.status(), { state: 'waiting', failure: { code: 'stalled', message: /no pictures of this size/ } })
    t.match(supervisor.status(), { state: 'running' })
  })

  t.test('wakes an on-demand camera, and lets it go idle', async t => {
    const { supervisor, played, watch, clock, out, exit, rendition } = supervise({ onDemand: true })
    await supervisor.start()
    t.match(rendition.status(), { state: 'idle' })
    const { leave } = watch()
    await turn()
    t.equal(played.attempts.length, 1)
    t.equal(supervisor.status().viewers, 0)
    played.frame()
    await turn()
    out()
    leave()
    clock.advance(LINGER_MS - 1)
    played.frame()
    t.equal(played.stops(), 0)
    clock.advance(1)
    t.equal(played.stops(), 1, 'both at the same time')
    played.exit()
    exit()
    t.match(supervisor.status(), { state: 'idle', renditions: { thumb: { state: 'idle' } } })
    t.equal(clock.pending, 0)
  })

  t.test('has no process when its camera has stopped', async t => {
    const { run, supervisor, watch, played, encoding, out, exit } = supervise()
    await run()
    const { seen } = watch()
    await turn()
    out()
    let stopped = false
    const stop = supervisor.stop().then(() => { stopped = true })
    t.equal(encoding().stops, 1)
    played.exit()
    await turn()
    t.notOk(stopped)
    out()
    exit()
    await stop
    t.match(seen.filter(({ live }) => live).length, 1, 'pictures that come while it stops are not shown')
  })
})
