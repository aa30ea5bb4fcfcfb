import t from 'tap'
import { DropCounter } from '../../src/transcode/drop-counter.js'

t.test('a drop counter', async t => {
  t.test('counts from the first dropped picture to ten seconds after the last', async t => {
    const drops = new DropCounter()
    drops.add(2, 1_000)
    drops.add(3, 9_000)
    t.match(drops.overload(19_000), { since: 1_000, dropped: 5 })
    t.equal(drops.overload(19_001), undefined)
    drops.add(1, 20_000)
    t.match(drops.overload(20_000), { since: 20_000, dropped: 1 })
    t.equal(drops.total, 6)
  })
  t.test('is no overload if nothing was dropped', async t => {
    const drops = new DropCounter()
    drops.add(0, 1_000)
    t.equal(drops.overload(1_000), undefined)
  })
})
