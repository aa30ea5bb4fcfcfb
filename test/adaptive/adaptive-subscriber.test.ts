import t from 'tap'
import { AdaptiveSubscriber } from '../../src/adaptive/adaptive-subscriber.js'
import type { Frame } from '../../src/frames/frame.js'
import { Hub } from '../../src/frames/hub.js'
import { assembleFrame, partOf } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'

const BYTES = [40_000, 10_000, 4_000]

/** A camera with 20 pictures per second, two renditions with a delay of 10 ms, and one viewer whose link carries `rate` bytes per second. */
function play (rate: number, fps?: number) {
  const clock = new FakeClock()
  const hubs = BYTES.map(() => new Hub<Frame>(clock))
  const seen: Array<{ seq: number, at: number, bytes: number, live: boolean }> = []
  const switches: string[] = []
  const link = { rate, torn: 0, ended: false, sending: false }
  const subscriber = new AdaptiveSubscriber({
    options: hubs.map((hub, i) => ({ hub, share: BYTES[i]! / BYTES[0]! })),
    clock,
    sink: {
      write (frame, done) {
        const { seq, at, jpeg, live } = frame
        const part = partOf(frame)
        if (link.sending) link.torn++
        link.sending = true
        seen.push({ seq: Number(/X-Sequence: (\d+)/.exec(part.toString())![1]) === seq ? seq : NaN, at, bytes: jpeg.length, live })
        clock.after(part.length / link.rate * 1_000, () => {
          link.sending = false
          done()
        })
      },
      end () { link.ended = true },
      link: () => undefined
    },
    subscription: { from: 'afar', fps },
    onSwitch: (to, from) => switches.push(`${from} to ${to}`)
  })
  subscriber.start()
  const seqs = BYTES.map(() => 0)
  /** Renditions that make no pictures, and whether the camera has none. */
  const faults = { dead: new Set<number>(), away: false }
  const publish = (option: number, at: number) => {
    const jpeg = { pieces: [Buffer.alloc(BYTES[option]!)], length: BYTES[option]!, width: 1, height: 1 }
    hubs[option]!.publish(assembleFrame(jpeg, { seq: ++seqs[option]!, at, wall: at, ...faults.away && { state: 'waiting' } }))
  }
  return {
    clock,
    hubs,
    subscriber,
    link,
    switches,
    seen,
    faults,
    run (ms: number) {
      for (const end = clock.now() + ms; clock.now() < end;) {
        const at = clock.now()
        publish(0, at)
        clock.advance(10)
        for (const option of [1, 2]) if (hubs[option]!.viewers > 0 && !faults.dead.has(option) && at % (1_000 / Math.min(hubs[option]!.fps, 20)) === 0) publish(option, at)
        clock.advance(40)
      }
    },
    viewers: () => hubs.map(({ viewers }) => viewers)
  }
}

t.test('an adaptive subscriber', async t => {
  t.test('does not give up a rendition that makes no more pictures than the viewer wants', async t => {
    const { run, switches, seen } = play(20_000, 0.2)
    run(120_000)
    t.equal(switches[0], '0 to 2')
    t.notOk(switches.includes('2 to 0'), 'as it does if none come')
    t.ok(seen.length > 20)
  })

  t.test('switches down between two pictures if the link cannot carry the full one, and up again later', async t => {
    const { run, seen, switches, link, viewers, hubs, clock } = play(250_000)
    run(2_000)
    t.same(switches, ['0 to 1'])
    t.same(viewers(), [0, 1, 0], 'it leaves the full picture')
    const dropped = hubs[0]!.dropped
    t.ok(dropped > 0)
    t.match(hubs[1]!.deliveries(clock.now()), [{ from: 'afar', since: 0, dropped: dropped + hubs[1]!.dropped }], 'it is the same viewer')
    link.rate = 2_000_000
    run(20_000)
    t.same(switches, ['0 to 1', '1 to 0'])
    t.same(viewers(), [1, 0, 0])
    t.match(hubs[0]!.deliveries(clock.now()), [{ since: 0, dropped: hubs[0]!.dropped + hubs[1]!.dropped }])
    t.same([...new Set(seen.map(({ bytes }) => bytes))], [40_000, 10_000])
    t.ok(seen.every(({ seq, at }, i) => i === 0 || (seq > seen[i - 1]!.seq && at > seen[i - 1]!.at)), 'numbers and times rise')
    const last = seen.slice(-300)
    t.equal(last.at(-1)!.at - last[0]!.at, 299 * 50, 'no picture is missing after switching up')
    t.equal(link.torn, 0)
    t.equal(hubs[0]!.latest!.seq, seen.at(-1)!.seq, 'the full picture has the camera\'s number')
  })
  t.test('stays if the other rendition has no pictures, and then tries the next', async t => {
    const { run, switches, viewers, faults, seen } = play(250_000)
    faults.dead.add(1)
    run(2_000)
    t.same(switches, [])
    t.same(viewers(), [1, 1, 0], 'it waits for the other one')
    const before = seen.length
    run(1_000)
    t.ok(seen.length > before + 4, 'with pictures from the full one')
    run(3_000)
    t.same(switches, ['0 to 2'])
    t.same(viewers(), [0, 0, 1])
  })
  t.test('does not switch for an old picture or a status frame', async t => {
    for (const state of [undefined, 'starting']) {
      const { run, switches, viewers, faults, hubs, clock } = play(250_000)
      run(100)
      const jpeg = { pieces: [Buffer.alloc(100)], length: 100, width: 1, height: 1 }
      hubs[1]!.publish(assembleFrame(jpeg, { seq: 1, at: state ? clock.now() + 5_000 : 0, wall: 0, ...state && { state } }))
      faults.dead.add(1)
      run(2_000)
      t.same(switches, [], state ?? 'old')
      t.same(viewers(), [1, 1, 0], 'it waits for the other one')
    }
  })
  t.test('shows nothing older than the picture before, also if the other rendition is decoded later, or the one before was', async t => {
    const { clock, hubs, seen, link, switches } = play(250_000)
    /** How long after its arrival each rendition of a picture is decoded. */
    const delays = [20, 250]
    let seq = 0
    const publish = (option: number) => {
      const jpeg = { pieces: [Buffer.alloc(BYTES[option]!)], length: BYTES[option]!, width: 1, height: 1 }
      hubs[option]!.publish(assembleFrame(jpeg, { seq: ++seq, at: clock.now(), originalAt: clock.now() - delays[option]!, wall: clock.now() }))
    }
    const run = (ms: number) => {
      for (const end = clock.now() + ms; clock.now() < end; clock.advance(25)) {
        publish(0)
        clock.advance(25)
        if (hubs[1]!.viewers > 0) publish(1)
      }
    }
    run(3_000)
    link.rate = 2_000_000
    run(12_000)
    t.same(switches, ['0 to 1', '1 to 0'])
    const originals = seen.map(({ at, bytes }) => at - delays[BYTES.indexOf(bytes)]!)
    t.ok(originals.every((at, i) => i === 0 || at > originals[i - 1]!), 'they come in the order of the camera')
    t.ok(seen.every(({ at }, i) => i === 0 || at > seen[i - 1]!.at), 'and their times rise')
  })
  t.test('goes back to the full picture from a rendition that has stopped', async t => {
    const { run, switches, faults, seen } = play(250_000)
    run(2_000)
    faults.dead.add(1)
    run(4_500)
    t.same(switches.slice(0, 2), ['0 to 1', '1 to 0'])
    run(1_000)
    t.same(switches.slice(2), ['0 to 2'], 'it tries another')
    t.ok(seen.at(-1)!.bytes === BYTES[2])
  })
  t.test('stops when its viewer is gone', async t => {
    const { run, subscriber, viewers, seen, clock } = play(250_000)
    run(500)
    subscriber.end()
    subscriber.end()
    const before = seen.length
    run(1_000)
    t.equal(seen.length, before)
    t.same(viewers(), [0, 0, 0])
    t.equal(clock.pending, 0)
  })
  t.test('leaves no subscription if its viewer leaves during a switch', async t => {
    const { run, subscriber, viewers, clock, faults } = play(250_000)
    faults.dead.add(1)
    run(1_500)
    t.same(viewers(), [1, 1, 0])
    subscriber.end('stalled')
    run(200)
    t.same(viewers(), [0, 0, 0])
    t.equal(clock.pending, 0)
  })
  t.test('leaves no subscription if its viewer leaves while the last full picture is being sent', async t => {
    const { run, subscriber, viewers, hubs } = play(100_000)
    while (viewers()[1] === 0) run(50)
    run(50)
    t.equal(hubs[1]!.latest?.live, true, 'the next rendition has its picture')
    subscriber.end('stalled')
    run(2_000)
    t.same(viewers(), [0, 0, 0])
  })
  t.test('also switches if one full picture takes longer than the wait for a rendition', async t => {
    const { run, switches } = play(10_000)
    run(60_000)
    t.ok(switches.length > 0)
  })
  t.test('switches after the first picture that takes too long, not after the second', async t => {
    const { run, switches, seen } = play(16_000)
    run(2_800)
    t.same(switches, ['0 to 2'])
    t.equal(seen.filter(({ bytes }) => bytes === BYTES[0]).length, 1)
    const { run: go, switches: later, link } = play(2_000_000)
    go(8_000)
    link.rate = 16_000
    go(3_000)
    t.same(later, ['0 to 2'], 'at any time')
    link.rate = 2_000_000
    go(30_000)
    t.equal(later.at(-1), '1 to 0', 'and switches back')
  })
  t.test('passes on the status frames of a camera that is away, without judging the link by them', async t => {
    const { run, switches, faults, seen } = play(250_000)
    faults.away = true
    run(10_000)
    t.same(switches, [])
    t.equal(seen.at(-1)!.live, false)
  })
  t.test('goes on with another picture if its rendition closes, and ends with the full one', async t => {
    for (const busy of [false, true]) {
      const { hubs, run, link, viewers, clock, seen } = play(250_000)
      run(2_000)
      t.same(viewers(), [0, 1, 0])
      if (!busy) clock.advance(100)
      else {
        link.rate = 50_000
        run(50)
      }
      t.equal(link.sending, busy)
      hubs[1]!.close()
      const before = seen.length
      run(2_000)
      t.ok(seen.length > before + 3)
      t.same([viewers()[1], link.ended, link.torn], [0, false, 0])
      hubs[0]!.close()
      hubs[2]!.close()
      t.same([viewers(), link.ended], [[0, 0, 0], true])
    }
  })

  t.test('ends with the camera', async t => {
    const { run, link, hubs, viewers } = play(250_000)
    run(2_000)
    t.same(viewers(), [0, 1, 0])
    for (const hub of hubs) hub.close()
    t.equal(link.ended, true)
    t.same(viewers(), [0, 0, 0])
  })
})

t.test('a viewer that has not begun to send takes the newest picture, by its own numbers', async t => {
  const { clock, hubs, subscriber, link, seen } = play(1_000_000)
  const publish = (hub: Hub<Frame>, seq: number, live = true) => hub.publish(assembleFrame({ pieces: [Buffer.alloc(100)], length: 100, width: 1, height: 1 }, { seq, at: clock.now(), wall: 0, ...!live && { state: 'waiting' } }))
  link.rate = 0.001
  for (const seq of [7, 8, 9]) publish(hubs[0]!, seq)
  t.match(seen, [{ seq: 7 }])
  t.match(subscriber.exchange(), { seq: 9 })
  t.equal(subscriber.exchange(), undefined)
  t.same([subscriber.dropped, subscriber.current], [2, 0])
  subscriber.shown(12)
  t.match(hubs[0]!.deliveries(clock.now()), [{ shownAgeMs: 12 }])
  subscriber.end()
})
