import t from 'tap'
import { Credits } from '../../../src/view/engine/credits.js'
import { FakeClock } from '../../fake-clock.js'

t.test('credits', async t => {
  const clock = new FakeClock()
  const sent: number[] = []
  const credits = new Credits(clock, bytes => sent.push(bytes))
  t.test('are gathered into few messages', async t => {
    for (const bytes of [100, 20, 3]) credits.add(bytes)
    clock.advance(8)
    credits.add(7)
    clock.advance(8)
    t.same(sent, [123, 7])
    t.equal(clock.pending, 0)
  })
  t.test('of a connection that is gone are not given to the next one', async t => {
    credits.add(5)
    credits.close()
    credits.add(6)
    clock.advance(1_000)
    t.same(sent, [123, 7])
  })
})
