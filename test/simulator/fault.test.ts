import t from 'tap'
import { refusalOf, spoilingAfter, type Fault } from '../../src/simulator/fault.js'

t.test('a fault spoils pictures', async t => {
  t.test('once its time has come', async t => {
    for (const kind of ['stall', 'cut', 'garbage'] as const) {
      t.equal(spoilingAfter({ kind, after: 2 }, 1.99), null)
      t.equal(spoilingAfter({ kind, after: 2 }, 2), kind)
    }
    t.equal(spoilingAfter({ kind: 'resize', after: 0, width: 640, height: 360 }, 0), 'resize')
  })
  t.test('or never', async t => {
    const others: Array<Fault | null> = [null, { kind: 'refuse' }, { kind: 'busy' }, { kind: 'away', up: 1, down: 1 }]
    for (const fault of others) t.equal(spoilingAfter(fault, 1_000), null)
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
