import t from 'tap'
import { clockError, refusalOf, pictureFaultAfter, type Fault } from '../../src/faults/fault.js'

t.test('a fault changes pictures', async t => {
  t.test('after its time', async t => {
    for (const kind of ['stall', 'cut', 'garbage', 'codec'] as const) {
      t.equal(pictureFaultAfter({ kind, after: 2 }, 1.99, 7), null)
      t.equal(pictureFaultAfter({ kind, after: 2 }, 2, 7), kind)
    }
    t.equal(pictureFaultAfter({ kind: 'resize', after: 0, width: 640, height: 360 }, 0, 7), 'resize')
  })
  t.test('or some of them', async t => {
    const changed = (seconds: number) => [0, 1, 2, 3, 4, 5, 6].filter(index => pictureFaultAfter({ kind: 'corrupt', after: 1, every: 3 }, seconds, index))
    t.same(changed(0.9), [])
    t.same(changed(1), [0, 3, 6])
  })
  t.test('or their times, repeatedly', async t => {
    t.same([0, 1.9, 2, 3.9, 4, 6].map(seconds => clockError({ kind: 'clock', every: 2, by: 60 }, seconds)), [0, 0, 60, 60, 0, 60])
    t.equal(clockError({ kind: 'stall', after: 0 }, 3), 0)
  })
  t.test('or never', async t => {
    const others: Array<Fault | null> = [null, { kind: 'refuse' }, { kind: 'busy' }, { kind: 'away', up: 1, down: 1 }, { kind: 'clock', every: 1, by: 1 }]
    for (const fault of others) t.equal(pictureFaultAfter(fault, 1_000, 0), null)
  })
})

t.test('a fault refuses requests', async t => {
  t.equal(refusalOf({ kind: 'unauthorized' }, 'DESCRIBE'), 401)
  t.equal(refusalOf({ kind: 'not-found' }, 'DESCRIBE'), 404)
  t.equal(refusalOf({ kind: 'busy' }, 'DESCRIBE'), null)
  t.equal(refusalOf({ kind: 'busy' }, 'SETUP'), 453)
  t.equal(refusalOf({ kind: 'stall', after: 0 }, 'SETUP'), null)
  t.equal(refusalOf(null, 'SETUP'), null)
})
