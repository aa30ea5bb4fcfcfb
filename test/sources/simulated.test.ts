import t from 'tap'
import { Value } from 'typebox/value'
import { SimulatedSchema } from '../../src/sources/simulated.js'

const takes = (fault: object) => Value.Check(SimulatedSchema, { type: 'simulated', fault })

t.test('a simulated camera', async t => {
  t.test('accepts each fault with exactly its own fields', async t => {
    const faults = [
      { kind: 'refuse' }, { kind: 'silent' }, { kind: 'unauthorized' }, { kind: 'not-found' }, { kind: 'busy' },
      { kind: 'stall', after: 0 }, { kind: 'cut', after: 1.5 }, { kind: 'garbage', after: 1 },
      { kind: 'resize', after: 1, width: 640, height: 360 }, { kind: 'corrupt', after: 0, every: 10 }, { kind: 'codec', after: 1 }, { kind: 'clock', every: 5, by: 3600 }, { kind: 'away', up: 20, down: 10 }
    ]
    for (const fault of faults) {
      t.ok(takes(fault), fault.kind)
      t.notOk(takes({ ...fault, until: 1 }), `${fault.kind} and something else`)
    }
    for (const fault of [{}, { kind: 'stall' }, { kind: 'away', up: 0, down: 1 }, { kind: 'cut', after: -1 },
      { kind: 'corrupt', after: 1, every: 0.5 }, { kind: 'clock', every: 0, by: 1 }]) t.notOk(takes(fault))
  })
})
