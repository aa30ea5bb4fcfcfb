import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { Hub } from '../../src/frames/hub.js'
import { STALLED_AFTER } from '../../src/frames/subscriber.js'

const frame = (seq: number, at = seq * 50) => ({ seq, at }) as Frame

/** A receiver whose connection is slow until it is drained. */
class Receiver {
  seen: number[] = []
  ended: string | undefined
  #done = () => {}
  write (frame: Frame, done: () => void) {
    this.seen.push(frame.seq)
    this.#done = done
  }

  end (why: string) { this.ended = why }
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
    const hub = new Hub()
    const receivers = [new FastReceiver(), new FastReceiver()]
    for (const receiver of receivers) hub.subscribe(receiver)
    for (const seq of [1, 2, 3]) hub.publish(frame(seq))
    t.same(receivers.map(({ seen }) => seen), [[1, 2, 3], [1, 2, 3]])
    t.equal(hub.viewers, 2)
  })

  t.test('gives a slow receiver fewer frames, never older ones, and harms nobody', async t => {
    const hub = new Hub()
    const slow = new Receiver()
    const fast = new FastReceiver()
    hub.subscribe(slow)
    hub.subscribe(fast)
    for (const seq of [1, 2, 3, 4]) hub.publish(frame(seq))
    t.same(slow.seen, [1])
    slow.drain()
    t.same(slow.seen, [1, 4])
    slow.drain()
    t.same(slow.seen, [1, 4], 'what was sent is not sent again')
    hub.publish(frame(5))
    t.same(slow.seen, [1, 4, 5])
    t.same(fast.seen, [1, 2, 3, 4, 5])
    t.equal(hub.dropped, 2)
  })

  t.test('gives a new receiver the newest frame at once, but none of a camera that is gone', async t => {
    const hub = new Hub()
    hub.publish(frame(1))
    hub.publish(frame(2))
    const early = new Receiver()
    hub.subscribe(early)
    t.same(early.seen, [2])
    hub.publish(frame(3))
    hub.clear()
    early.drain()
    t.same(early.seen, [2], 'nor one that was still waiting')
    const late = new Receiver()
    hub.subscribe(late)
    t.same(late.seen, [])
  })

  t.test('thins for one receiver without thinning for another', async t => {
    const hub = new Hub()
    const thinned = new FastReceiver()
    const full = new FastReceiver()
    hub.subscribe(thinned, { fps: 5 })
    hub.subscribe(full)
    for (let seq = 1; seq <= 20; seq++) hub.publish(frame(seq))
    t.same(thinned.seen, [1, 2, 5, 9, 13, 17])
    t.equal(full.seen.length, 20)
    t.equal(hub.dropped, 0, 'what was not asked for is not lost')
  })

  t.test('lets a receiver go that takes nothing', async t => {
    const hub = new Hub()
    const stuck = new Receiver()
    hub.subscribe(stuck)
    hub.publish(frame(1, 0))
    hub.publish(frame(2, 60_000)) // the first one that has to wait
    hub.publish(frame(3, 60_000 + STALLED_AFTER))
    t.equal(stuck.ended, undefined)
    hub.publish(frame(4, 60_001 + STALLED_AFTER))
    t.equal(stuck.ended, 'stalled')
    t.equal(hub.viewers, 0)
    stuck.drain()
    t.same(stuck.seen, [1])
  })

  t.test('tells of its first and its last receiver', async t => {
    const hub = new Hub()
    const told: string[] = []
    hub.on('watched', () => told.push('watched')).on('unwatched', () => told.push('unwatched'))
    const [one, two] = [hub.subscribe(new Receiver()), hub.subscribe(new Receiver())]
    one.end()
    one.end()
    t.same(told, ['watched'])
    two.end()
    t.same(told, ['watched', 'unwatched'])
  })

  t.test('ends them all when it closes', async t => {
    const hub = new Hub()
    const receivers = [new Receiver(), new FastReceiver()]
    for (const receiver of receivers) hub.subscribe(receiver)
    hub.close()
    hub.publish(frame(1))
    t.same(receivers.map(({ ended, seen }) => [ended, seen]), [['closed', []], ['closed', []]])
  })

  t.test('keeps count of what receivers dropped that have left', async t => {
    const hub = new Hub()
    const subscriber = hub.subscribe(new Receiver())
    for (const seq of [1, 2, 3, 4]) hub.publish(frame(seq))
    subscriber.end()
    t.equal(hub.dropped, 2)
  })
})
