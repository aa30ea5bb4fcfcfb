import t from 'tap'
import { ViewerLimit } from '../../src/viewers/viewer-limit.js'

t.test('seats', async t => {
  t.test('are given back once, however often', async t => {
    const seats = new ViewerLimit(2)
    const yard = { id: '1', name: 'Yard', maxViewers: 1 }
    const leave = seats.take(yard)
    t.throws(() => seats.take(yard), { code: 'TOO_MANY_VIEWERS', message: /Yard .*\(1\)/ })
    const other = seats.take({ id: '2', name: 'Gate' })
    t.throws(() => seats.take({ id: '2', name: 'Gate' }), { code: 'TOO_MANY_VIEWERS', message: /camgate .*\(2\)/ })
    leave()
    leave()
    seats.take(yard)
    t.throws(() => seats.take({ id: '3', name: 'Shed' }))
    other()
    t.doesNotThrow(() => seats.take({ id: '3', name: 'Shed' }))
  })
  t.test('are without number unless one is given', async t => {
    const seats = new ViewerLimit()
    t.doesNotThrow(() => { for (let i = 0; i < 10_000; i++) seats.take({ id: '1', name: 'Yard' }) })
  })
})
