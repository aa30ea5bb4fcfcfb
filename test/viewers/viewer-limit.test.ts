import t from 'tap'
import { ViewerLimit } from '../../src/viewers/viewer-limit.js'

t.test('the limit of viewers', async t => {
  t.test('holds for one camera and for all, and releasing a viewer is idempotent', async t => {
    const limit = new ViewerLimit(() => 2)
    const yard = { id: '1', name: 'Yard', maxViewers: 1 }
    const release = limit.take(yard, '10.0.0.1')
    t.throws(() => limit.take(yard, '10.0.0.1'), { code: 'TOO_MANY_VIEWERS', message: /Yard .*\(1\)/ })
    const other = limit.take({ id: '2', name: 'Gate' }, '10.0.0.1')
    t.throws(() => limit.take({ id: '2', name: 'Gate' }, '10.0.0.1'), { code: 'TOO_MANY_VIEWERS', message: /camgate .*\(2\)/ })
    release()
    release()
    limit.take(yard, '10.0.0.1')
    t.throws(() => limit.take({ id: '3', name: 'Shed' }, '10.0.0.1'))
    other()
    t.doesNotThrow(() => limit.take({ id: '3', name: 'Shed' }, '10.0.0.1'))
  })
  t.test('does not exist unless a number is given', async t => {
    const limit = new ViewerLimit()
    t.doesNotThrow(() => { for (let i = 0; i < 10_000; i++) limit.take({ id: '1', name: 'Yard' }, '10.0.0.1') })
  })
  t.test('holds for one network, whichever camera it watches', async t => {
    const limit = new ViewerLimit(() => Infinity, () => 2)
    const release = limit.take({ id: '1', name: 'Yard' }, '10.0.0.1')
    limit.take({ id: '2', name: 'Gate' }, '10.0.0.1')
    t.throws(() => limit.take({ id: '3', name: 'Shed' }, '10.0.0.1'), { code: 'TOO_MANY_VIEWERS', message: /10\.0\.0\.1 .*\(2\).*maxViewersPerAddress/ })
    t.doesNotThrow(() => limit.take({ id: '3', name: 'Shed' }, '10.0.0.2'))
    release()
    t.doesNotThrow(() => limit.take({ id: '3', name: 'Shed' }, '10.0.0.1'))
  })
})
