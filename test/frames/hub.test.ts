import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { AgeHistogram } from '../../src/frames/age-histogram.js'
import { Hub } from '../../src/frames/hub.js'
import { FakeClock } from '../fake-clock.js'

const frame = (seq: number, { at = seq * 50, live = true } = {}) => ({ seq, at, live }) as Frame

/** A receiver whose connection is slow until it is drained. */
class Receiver {
  seen: number[] = []
  ended = false
  #done = () => {}
  write (frame: Frame, done: () => void) {
    this.seen.push(frame.seq)
    this.#done = done
  }

  end () { this.ended = true }
  drain () { this.#done() }
}

class FastReceiver extends Receiver {
  override write (frame: Frame, done: () => void) {
    super.write(frame, done)
    done()
  }
}

t.test('a hub', async t => {
  t.test('gives every frame to every receiver that keeps up', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const receivers = [new FastReceiver(), new FastReceiver()]
    for (const receiver of receivers) hub.subscribe(receiver)
    for (const seq of [1, 2, 3]) hub.publish(frame(seq))
    t.same(receivers.map(({ seen }) => seen), [[1, 2, 3], [1, 2, 3]])
    t.equal(hub.viewers, 2)
  })

  t.test('reports the highest rate that a receiver wants, and emits when that may have changed', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const emitted: Array<[string, number]> = []
    for (const event of ['joined', 'left', 'watched', 'unwatched'] as const) hub.on(event, () => emitted.push([event, hub.fps]))
    const slow = hub.subscribe(new FastReceiver(), { fps: 0.5 })
    const fast = hub.subscribe(new FastReceiver(), { fps: 5 })
    hub.subscribe(new FastReceiver()).end()
    fast.end()
    slow.end()
    t.same(emitted, [['joined', 0.5], ['watched', 0.5], ['joined', 5], ['joined', Infinity], ['left', 5], ['left', 0.5], ['left', 0], ['unwatched', 0]])
  })

  t.test('gives a forgotten frame only to current subscribers', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const receivers = Array.from({ length: 100 }, () => new FastReceiver())
    for (const receiver of receivers) hub.subscribe(receiver)
    hub.publish(frame(1))
    hub.forget()
    await new Promise(resolve => setImmediate(resolve))
    t.ok(receivers.every(({ seen }) => seen.join() === '1'))
    const late = new FastReceiver()
    hub.subscribe(late)
    t.same(late.seen, [])
    hub.publish(frame(2))
    await new Promise(resolve => setImmediate(resolve))
    t.same([late.seen, receivers[0]!.seen], [[2], [1, 2]])
  })

  t.test('gives a slow receiver fewer frames, never older ones, and does not slow the others', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const slow = new Receiver()
    const fast = new FastReceiver()
    hub.subscribe(slow)
    hub.subscribe(fast)
    for (const seq of [1, 2, 3, 4]) hub.publish(frame(seq))
    t.same(slow.seen, [1])
    slow.drain()
    t.same(slow.seen, [1, 4])
    slow.drain()
    t.same(slow.seen, [1, 4], 'a sent frame is not sent again')
    hub.publish(frame(5))
    t.same(slow.seen, [1, 4, 5])
    t.same(fast.seen, [1, 2, 3, 4, 5])
    t.equal(hub.dropped, 2)
  })

  t.test('gives a new receiver the newest frame at once, unless its camera is gone', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    hub.publish(frame(1))
    hub.publish(frame(2))
    const early = new Receiver()
    hub.subscribe(early)
    t.same(early.seen, [2])
    hub.publish(frame(3))
    hub.clear()
    early.drain()
    t.same(early.seen, [2], 'a waiting frame is discarded as well')
    const late = new Receiver()
    hub.subscribe(late)
    t.same(late.seen, [])
  })

  t.test('lets the process do other things between turns, and goes on with the newest frame', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const receivers = Array.from({ length: 150 }, () => new FastReceiver())
    const subscribers = receivers.map(receiver => hub.subscribe(receiver, { from: 'afar' }))
    const having = (seq: number) => receivers.filter(({ seen }) => seen.at(-1) === seq).length
    const turn = () => new Promise(resolve => setImmediate(resolve))
    hub.publish(frame(1))
    for (const expected of [64, 128, 150]) {
      t.equal(having(1), expected)
      await turn()
    }
    hub.publish(frame(2))
    t.equal(having(2), 64)
    const late = new FastReceiver()
    hub.subscribe(late)
    hub.publish(frame(3))
    for (const [two, three] of [[64, 64], [23, 127], [0, 150]] as const) {
      await turn()
      t.same([having(2), having(3)], [two, three], 'those that waited longest come first')
    }
    t.same(late.seen, [2, 3], 'no frame arrives twice')
    t.equal(hub.dropped, 86, 'one for each receiver that never got the second')
    t.equal(hub.deliveries(0).reduce((sum, { dropped }) => sum + dropped, 0), 86)
    hub.publish(frame(4))
    hub.clear()
    await turn()
    t.equal(having(4), 64, 'a cleared frame is not given out')
    hub.publish(frame(5))
    for (const subscriber of subscribers) subscriber.end()
    await turn()
    t.same(late.seen, [2, 3, 5], 'it is the only one left')
  })

  t.test('offers what it retains to a new receiver, and what a receiver has missed of it in a long round', async t => {
    const items: Frame[] = []
    const hub = new Hub<Frame>(new FakeClock(), { items, add (frame) { items.push(frame) }, clear () { items.length = 0 } })
    const join = () => {
      const own: Array<[seq: number, missed: number]> = []
      const offer = ({ seq }: Frame, missed: number) => { own.push([seq, missed]); return 0 }
      hub.subscribe(new FastReceiver(), { policy: { offer, take: () => undefined, clear: () => 0 } })
      return own
    }
    const first = Array.from({ length: 100 }, join)
    for (const seq of [1, 2, 3]) hub.publish(frame(seq))
    const late = join()
    t.same(late, [[1, 0], [2, 0], [3, 0]], 'at once')
    t.equal(hub.latest?.seq, 3)
    for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
    t.ok([...first, late].every(own => own.join(' ') === '1,0 2,0 3,0'), 'each once and in order')
    hub.clear()
    hub.publish(frame(4))
    hub.publish(frame(5))
    t.same(join(), [[4, 0], [5, 0]])
  })

  t.test('offers nothing more to a receiver that leaves in its own write', async t => {
    const items = [1, 2, 3].map(seq => frame(seq))
    const hub = new Hub<Frame>(new FakeClock(), { items, add () {}, clear () {} })
    const leaver = new FastReceiver()
    let leave = () => {}
    hub.subscribe({
      write (frame, done) {
        leave()
        leaver.write(frame, done)
      },
      end () {},
      onGone (listener) { leave = () => listener('left') }
    })
    t.same([leaver.seen, hub.viewers], [[1], 0])
  })

  t.test('also reaches the last receiver if another subscribes in the middle of a round', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const receivers = Array.from({ length: 150 }, () => new FastReceiver())
    for (const receiver of receivers) hub.subscribe(receiver)
    hub.publish(frame(1))
    hub.publish(frame(2))
    hub.subscribe(new FastReceiver())
    for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
    t.same(receivers.filter(({ seen }) => seen.at(-1) !== 2), [])
  })

  t.test('serves a receiver that subscribes after all others have left in the middle of a round', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const gone = Array.from({ length: 150 }, () => hub.subscribe(new FastReceiver()))
    hub.publish(frame(1))
    for (const subscriber of gone) subscriber.end()
    await new Promise(resolve => setImmediate(resolve))
    const next = new FastReceiver()
    hub.subscribe(next)
    hub.publish(frame(2))
    t.same(next.seen, [1, 2])
  })

  t.test('thins for one receiver without thinning for another', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const thinned = new FastReceiver()
    const full = new FastReceiver()
    hub.subscribe(thinned, { fps: 5 })
    hub.subscribe(full)
    for (let seq = 1; seq <= 20; seq++) hub.publish(frame(seq))
    t.same(thinned.seen, [1, 2, 5, 9, 13, 17])
    t.equal(full.seen.length, 20)
    t.equal(hub.dropped, 0, 'frames above the requested rate are not dropped')
  })

  t.test('shows a change between pictures and status frames at once, at any requested rate', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const thinned = new FastReceiver()
    hub.subscribe(thinned, { fps: 0.1 })
    for (const [seq, live] of [[1, true], [2, true], [3, true], [4, false], [5, false], [6, true]] as const) hub.publish(frame(seq, { live }))
    t.same(thinned.seen, [1, 2, 4, 6], 'the second is the pacer\'s tolerance')
  })

  t.test('also shows another status frame at once, at any requested rate', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const thinned = new FastReceiver()
    hub.subscribe(thinned, { fps: 0.1 })
    for (const seq of [1, 2, 3]) hub.publish(frame(seq, { live: false }))
    hub.clear()
    for (const seq of [4, 5]) hub.publish(frame(seq, { live: false }))
    t.same(thinned.seen, [1, 2, 4], 'and repeats them at that rate')
  })

  t.test('reports how each viewer keeps up', async t => {
    const clock = new FakeClock()
    const hub = new Hub<Frame>(clock)
    const slow = new Receiver()
    clock.advance(100)
    hub.subscribe(slow, { from: '192.168.1.x' })
    hub.subscribe(new FastReceiver())
    t.same(hub.deliveries(clock.now()), [{ from: '192.168.1.x', user: undefined, by: 'mjpeg', since: 100, fps: 0, dropped: 0, lagMs: null, shownAgeMs: null }])
    for (const seq of [1, 2, 3, 4]) {
      clock.advance(50)
      hub.publish(frame(seq, { at: clock.now() }))
    }
    clock.advance(850)
    slow.drain()
    t.match(hub.deliveries(clock.now()), [{ dropped: 2, lagMs: 1_000, fps: 1 }], 'the first was sent for a second')
    slow.drain()
    t.match(hub.deliveries(clock.now()), [{ dropped: 2, lagMs: 850, fps: 2 }])
    hub.publish(frame(5, { live: false }))
    slow.drain()
    t.match(hub.deliveries(clock.now()), [{ lagMs: 850, fps: 2 }], 'a status frame is no picture')
  })

  t.test('lets a receiver that has not begun to send take a newer item, or skip', async t => {
    const clock = new FakeClock()
    const hub = new Hub<Frame>(clock)
    const slow = new Receiver()
    const subscriber = hub.subscribe(slow, { from: '192.168.1.x' })
    t.equal(subscriber.exchange(), undefined, 'it has nothing')
    hub.publish(frame(1))
    t.equal(subscriber.exchange(), undefined, 'there is no newer one')
    hub.publish(frame(2, { at: 100 }))
    t.equal(subscriber.exchange()?.seq, 2)
    clock.advance(130)
    slow.drain()
    t.match(hub.deliveries(130), [{ dropped: 1, lagMs: 30, fps: 1 }], 'the first does not count as sent')
    for (const seq of [3, 4]) hub.publish(frame(seq))
    subscriber.skip()
    hub.publish(frame(5))
    t.equal(slow.seen.at(-1), 5, 'the next one is written at once')
    t.equal(subscriber.dropped, 3)
    subscriber.skip()
    subscriber.skip()
    t.equal(subscriber.dropped, 4)
    subscriber.shownAgeMs = 40
    t.match(hub.deliveries(130), [{ shownAgeMs: 40 }])
  })

  t.test('counts how old pictures were when a receiver had accepted them', async t => {
    const clock = new FakeClock()
    const hub = new Hub<Frame>(clock)
    hub.publish(frame(1, { at: 0 }))
    clock.advance(60_000)
    const ages = new AgeHistogram()
    const slow = new Receiver()
    hub.subscribe(slow, { ages })
    slow.drain()
    t.equal(ages.sumMs, 0, 'not one that was kept until the receiver came')
    hub.publish({ ...frame(2, { at: 60_000 }), originalAt: 59_970 })
    clock.advance(40)
    slow.drain()
    t.equal(ages.sumMs, 70, 'since the camera sent it, not since it was decoded')
    hub.publish(frame(3, { at: 60_040, live: false }))
    slow.drain()
    hub.subscribe(new FastReceiver())
    hub.publish(frame(4, { at: 60_040 }))
    slow.drain()
    t.equal(ages.counts.reduce((sum, count) => sum + count, 0), 2, 'neither status frames nor what other receivers are given')
  })

  t.test('tells viewers from its own receivers', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    hub.subscribe(new Receiver())
    const stream = hub.subscribe(new Receiver(), { from: '192.0.2.0' })
    hub.subscribe(new Receiver(), { from: '192.0.2.0', by: 'wall' })
    t.same([hub.viewersBy('mjpeg'), hub.viewersBy('wall'), hub.viewers], [1, 1, 3])
    stream.end()
    t.equal(hub.viewersBy('mjpeg'), 0)
  })

  t.test('emits when its first receiver subscribes and its last one leaves', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const emitted: string[] = []
    hub.on('watched', () => emitted.push('watched')).on('unwatched', () => emitted.push('unwatched'))
    const [one, two] = [hub.subscribe(new Receiver()), hub.subscribe(new Receiver())]
    one.end()
    one.end()
    t.same(emitted, ['watched'])
    two.end()
    t.same(emitted, ['watched', 'unwatched'])
  })

  t.test('ends a subscription when its sink is gone', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const gone: Array<(why: 'left' | 'stalled') => void> = []
    const sink = () => Object.assign(new FastReceiver(), { onGone (listener: (why: 'left' | 'stalled') => void) { gone.push(listener) } })
    const sinks = [sink(), sink(), sink()]
    for (const each of sinks) hub.subscribe(each)
    gone[0]!('left')
    gone[1]!('stalled')
    gone[1]!('left')
    hub.publish(frame(1))
    t.same(sinks.map(({ seen }) => seen), [[], [], [1]])
    t.same([hub.viewers, hub.stalled, sinks[0]!.ended], [1, 1, false])
  })

  t.test('ends all subscriptions when it closes', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const receivers = [new Receiver(), new FastReceiver()]
    for (const receiver of receivers) hub.subscribe(receiver)
    hub.close()
    hub.publish(frame(1))
    t.same(receivers.map(({ ended, seen }) => [ended, seen]), [[true, []], [true, []]])
    t.equal(hub.stalled, 0)
  })

  t.test('counts the drops of receivers that have left', async t => {
    const hub = new Hub<Frame>(new FakeClock())
    const subscriber = hub.subscribe(new Receiver())
    for (const seq of [1, 2, 3, 4]) hub.publish(frame(seq))
    subscriber.end()
    t.equal(hub.dropped, 2)
    t.equal(hub.stalled, 0)
    const hopeless = new Receiver()
    hub.subscribe(hopeless).end('stalled')
    t.equal(hub.stalled, 1)
    t.equal(hopeless.ended, false, 'a sink that is gone is not ended')
  })
})
