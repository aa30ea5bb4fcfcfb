import t from 'tap'
import { AdaptiveSubscriber } from '../../src/adaptive/adaptive-subscriber.js'
import type { Frame } from '../../src/frames/frame.js'
import { Hub } from '../../src/frames/hub.js'
import { assembleFrame, partOf } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'

const BYTES = [40_000, 10_000, 4_000]

/** A camera of 20 pictures a second with two renditions, which have theirs 10 ms later, and one viewer whose link carries so many bytes a second. */
function climb (rate: number, fps?: number) {
  const clock = new FakeClock()
  const hubs = BYTES.map(() => new Hub<Frame>(clock))
  const seen: Array<{ seq: number, at: number, bytes: number, live: boolean }> = []
  const moves: string[] = []
  const link = { rate, torn: 0, ended: false, sending: false }
  const climber = new AdaptiveSubscriber({
    rungs: hubs.map((hub, i) => ({ hub, share: BYTES[i]! / BYTES[0]! })),
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
    onMove: (to, from) => moves.push(`${from} to ${to}`)
  })
  climber.start()
  const seqs = BYTES.map(() => 0)
  /** Renditions that make no pictures, and whether the camera has none. */
  const faults = { dead: new Set<number>(), away: false }
  const publish = (rung: number, at: number) => {
    const jpeg = { pieces: [Buffer.alloc(BYTES[rung]!)], length: BYTES[rung]!, width: 1, height: 1 }
    hubs[rung]!.publish(assembleFrame(jpeg, { seq: ++seqs[rung]!, at, wall: at, ...faults.away && { state: 'waiting' } }))
  }
  return {
    clock,
    hubs,
    climber,
    link,
    moves,
    seen,
    faults,
    run (ms: number) {
      for (const end = clock.now() + ms; clock.now() < end;) {
        const at = clock.now()
        publish(0, at)
        clock.advance(10)
        for (const rung of [1, 2]) if (hubs[rung]!.viewers > 0 && !faults.dead.has(rung) && at % (1_000 / Math.min(hubs[rung]!.fps, 20)) === 0) publish(rung, at)
        clock.advance(40)
      }
    },
    viewers: () => hubs.map(({ viewers }) => viewers)
  }
}

t.test('a climber', async t => {
  t.test('does not give up a rung that makes no more pictures than it wants', async t => {
    const { run, moves, seen } = climb(20_000, 0.2)
    run(120_000)
    t.equal(moves[0], '0 to 2')
    t.notOk(moves.includes('2 to 0'), 'as it does where none come')
    t.ok(seen.length > 20)
  })

  t.test('goes down for who cannot carry the full picture, and up again, between two pictures', async t => {
    const { run, seen, moves, link, viewers, hubs, clock } = climb(250_000)
    run(2_000)
    t.same(moves, ['0 to 1'])
    t.same(viewers(), [0, 1, 0], 'it leaves where it was')
    const dropped = hubs[0]!.dropped
    t.ok(dropped > 0)
    t.match(hubs[1]!.deliveries(clock.now()), [{ from: 'afar', since: 0, dropped: dropped + hubs[1]!.dropped }], 'it is the same viewer')
    link.rate = 2_000_000
    run(20_000)
    t.same(moves, ['0 to 1', '1 to 0'])
    t.same(viewers(), [1, 0, 0])
    t.match(hubs[0]!.deliveries(clock.now()), [{ since: 0, dropped: hubs[0]!.dropped + hubs[1]!.dropped }])
    t.same([...new Set(seen.map(({ bytes }) => bytes))], [40_000, 10_000])
    t.ok(seen.every(({ seq, at }, i) => i === 0 || (seq > seen[i - 1]!.seq && at > seen[i - 1]!.at)), 'numbers and times rise')
    const last = seen.slice(-300)
    t.equal(last.at(-1)!.at - last[0]!.at, 299 * 50, 'none is left out in going up')
    t.equal(link.torn, 0)
    t.equal(hubs[0]!.latest!.seq, seen.at(-1)!.seq, 'at the top the number is the camera\'s')
  })
  t.test('stays where it is when the other rung has no pictures, and asks the next', async t => {
    const { run, moves, viewers, faults, seen } = climb(250_000)
    faults.dead.add(1)
    run(2_000)
    t.same(moves, [])
    t.same(viewers(), [1, 1, 0], 'it waits below')
    const before = seen.length
    run(1_000)
    t.ok(seen.length > before + 4, 'and has pictures meanwhile')
    run(3_000)
    t.same(moves, ['0 to 2'])
    t.same(viewers(), [0, 0, 1])
  })
  t.test('does not take an old picture, or words, for a rung that has some', async t => {
    for (const state of [undefined, 'starting']) {
      const { run, moves, viewers, faults, hubs, clock } = climb(250_000)
      run(100)
      const jpeg = { pieces: [Buffer.alloc(100)], length: 100, width: 1, height: 1 }
      hubs[1]!.publish(assembleFrame(jpeg, { seq: 1, at: state ? clock.now() + 5_000 : 0, wall: 0, ...state && { state } }))
      faults.dead.add(1)
      run(2_000)
      t.same(moves, [], state ?? 'old')
      t.same(viewers(), [1, 1, 0], 'it waits below')
    }
  })
  t.test('goes back to the full picture from a rung that has no more', async t => {
    const { run, moves, faults, seen } = climb(250_000)
    run(2_000)
    faults.dead.add(1)
    run(4_500)
    t.same(moves.slice(0, 2), ['0 to 1', '1 to 0'])
    run(1_000)
    t.same(moves.slice(2), ['0 to 2'], 'there is another')
    t.ok(seen.at(-1)!.bytes === BYTES[2])
  })
  t.test('does not wait for who is gone', async t => {
    const { run, climber, viewers, seen, clock } = climb(250_000)
    run(500)
    climber.end()
    climber.end()
    const before = seen.length
    run(1_000)
    t.equal(seen.length, before)
    t.same(viewers(), [0, 0, 0])
    t.equal(clock.pending, 0)
  })
  t.test('leaves nobody behind who goes in the middle of a move', async t => {
    const { run, climber, viewers, clock, faults } = climb(250_000)
    faults.dead.add(1)
    run(1_500)
    t.same(viewers(), [1, 1, 0])
    climber.end('stalled')
    run(200)
    t.same(viewers(), [0, 0, 0])
    t.equal(clock.pending, 0)
  })
  t.test('leaves nobody behind who goes while the last full picture is still being sent', async t => {
    const { run, climber, viewers, hubs } = climb(100_000)
    while (viewers()[1] === 0) run(50)
    run(50)
    t.equal(hubs[1]!.latest?.live, true, 'the next rung has its picture')
    climber.end('stalled')
    run(2_000)
    t.same(viewers(), [0, 0, 0])
  })
  t.test('is moved, too, where one full picture takes longer than a rung is waited for', async t => {
    const { run, moves } = climb(10_000)
    run(60_000)
    t.ok(moves.length > 0)
  })
  t.test('is moved behind the first picture that takes too long, and not a second one later', async t => {
    const { run, moves, seen } = climb(16_000)
    run(2_800)
    t.same(moves, ['0 to 2'])
    t.equal(seen.filter(({ bytes }) => bytes === BYTES[0]).length, 1)
    const { run: go, moves: moved, link } = climb(2_000_000)
    go(8_000)
    link.rate = 16_000
    go(3_000)
    t.same(moved, ['0 to 2'], 'whenever that is')
    link.rate = 2_000_000
    go(30_000)
    t.equal(moved.at(-1), '1 to 0', 'and comes back')
  })
  t.test('is told the words of a camera that is away, which say nothing of its link', async t => {
    const { run, moves, faults, seen } = climb(250_000)
    faults.away = true
    run(10_000)
    t.same(moves, [])
    t.equal(seen.at(-1)!.live, false)
  })
  t.test('ends with the camera', async t => {
    const { run, link, hubs, viewers } = climb(250_000)
    run(2_000)
    hubs[1]!.close()
    t.equal(link.ended, true)
    t.same(viewers(), [0, 0, 0])
  })
})
