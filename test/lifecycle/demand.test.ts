import t from 'tap'
import { Hub } from '../../src/frames/hub.js'
import type { Frame } from '../../src/frames/frame.js'
import { Demand, LINGER_MS } from '../../src/lifecycle/demand.js'
import { FakeClock } from '../fake-clock.js'

function play () {
  const clock = new FakeClock()
  const hub = new Hub<Frame>(clock)
  const changes: Array<Demand['reason']> = []
  const demand = new Demand(hub, clock, () => { changes.push(demand.reason) })
  const watch = () => hub.subscribe({ write () {}, end () {} })
  return { clock, hub, demand, changes, watch }
}

t.test('the demand for a stream', async t => {
  t.test('lasts while it has viewers, and 10 seconds longer', async t => {
    const { clock, demand, changes, watch } = play()
    t.equal(LINGER_MS, 10_000, 'as documented')
    t.equal(demand.reason, null)
    const [one, two] = [watch(), watch()]
    t.same(changes, ['viewers'], 'only the first one changes anything')
    one.end()
    clock.advance(LINGER_MS)
    t.equal(demand.reason, 'viewers')
    two.end()
    t.equal(demand.reason, 'linger')
    clock.advance(LINGER_MS - 1)
    t.equal(demand.reason, 'linger')
    clock.advance(1)
    t.equal(demand.reason, null)
    t.same(changes, ['viewers', 'linger', null])
    t.equal(clock.pending, 0)
  })
  t.test('begins to linger anew after each last viewer', async t => {
    const { clock, demand, changes, watch } = play()
    watch().end()
    clock.advance(LINGER_MS - 1)
    const again = watch()
    clock.advance(2)
    t.equal(demand.reason, 'viewers')
    again.end()
    clock.advance(LINGER_MS - 1)
    t.equal(demand.reason, 'linger')
    clock.advance(1)
    t.same(changes, ['viewers', 'linger', 'viewers', 'linger', null])
    t.equal(clock.pending, 0)
  })
  t.test('does not linger once it is closed', async t => {
    const { clock, hub, demand, watch } = play()
    watch()
    hub.close()
    t.equal(demand.reason, 'linger')
    demand.close()
    t.equal(demand.reason, null)
    t.equal(clock.pending, 0)
  })
})
