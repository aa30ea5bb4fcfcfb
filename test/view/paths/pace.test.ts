import t from 'tap'
import { Pace } from '../../../src/view/paths/fetched/pace.js'

t.test('snapshots', async t => {
  t.test('are asked for five times a second while they differ', async t => {
    const pace = new Pace()
    t.same([1, 2, 3].map(() => pace.came(true)), [200, 200, 200])
  })
  t.test('are asked for once a second while they do not', async t => {
    const pace = new Pace()
    t.same([1, 2, 3, 4, 5, 6].map(() => Math.round(pace.came(false))), [300, 450, 675, 1000, 1000, 1000])
    t.equal(pace.came(true), 500, 'and soon faster')
  })
  t.test('are asked for ever less often while none comes', async t => {
    const pace = new Pace()
    t.same([1, 2, 3, 4, 5, 6].map(() => pace.failed()), [1000, 2000, 4000, 8000, 10000, 10000])
    t.equal(pace.failures, 6)
    pace.came(true)
    t.same([pace.failures, pace.failed()], [0, 1000])
  })
})
