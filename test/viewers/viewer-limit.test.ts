import t from 'tap'
import { ViewerLimit } from '../../src/viewers/viewer-limit.js'

t.test('the limit of viewers', async t => {
  t.test('holds for one camera and for all, and releasing a viewer is idempotent', async t => {
    const limit = new ViewerLimit(2)
    const yard = { id: '1', name: 'Yard', maxViewers: 1 }
    const release = limit.take(yard)
    t.throws(() => limit.take(yard), { code: 'TOO_MANY_VIEWERS', message: /Yard .*\(1\)/ })
    const other = limit.take({ id: '2', name: 'Gate' })
    t.throws(() => limit.take({ id: '2', name: 'Gate' }), { code: 'TOO_MANY_VIEWERS', message: /camgate .*\(2\)/ })
    release()
    release()
    limit.take(yard)
    t.throws(() => limit.take({ id: '3', name: 'Shed' }))
    other()
    t.doesNotThrow(() => limit.take({ id: '3', name: 'Shed' }))
  })
  t.test('does not exist unless a number is given', async t => {
    const limit = new ViewerLimit()
    t.doesNotThrow(() => { for (let i = 0; i < 10_000; i++) limit.take({ id: '1', name: 'Yard' }) })
  })
})
