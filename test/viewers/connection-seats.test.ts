import t from 'tap'
import { ConnectionSeats } from '../../src/viewers/connection-seats.js'
import { ViewerLimit } from '../../src/viewers/viewer-limit.js'

const yard = { id: '1', name: 'Yard' }
const full = { code: 'TOO_MANY_VIEWERS', message: /open pages .*\(2\)/ }
const open = (limit: ViewerLimit) => new ConnectionSeats(limit, '10.0.0.1')

t.test('the seats of a connection', async t => {
  t.test('are one while it shows nothing, and then one for each picture', async t => {
    const limit = new ViewerLimit(() => Infinity, () => Infinity, () => 2)
    const seats = open(limit)
    const release = seats.take(yard)
    const other = seats.take(yard)
    t.throws(() => open(limit), full, 'a picture of another page would fit')
    t.throws(() => seats.take(yard), { code: 'TOO_MANY_VIEWERS' })
    release()
    release()
    const second = open(limit)
    other()
    t.throws(() => open(limit), full, 'both are still there, and show nothing')
    t.throws(() => limit.take(yard, '10.0.0.2'), full)
    second.end()
    t.doesNotThrow(() => limit.take(yard, '10.0.0.2'))
  })
  t.test('do not count the pages that watch nothing as viewers', async t => {
    const limit = new ViewerLimit(() => 1, () => Infinity, () => 4)
    for (let i = 0; i < 3; i++) open(limit)
    t.doesNotThrow(() => limit.take(yard, '10.0.0.1'))
    t.throws(() => limit.take(yard, '10.0.0.1'), { code: 'TOO_MANY_VIEWERS', message: /\(1\)/ })
  })
  t.test('are kept when a picture is refused, and free when the connection has ended', async t => {
    const limit = new ViewerLimit(() => 1, () => Infinity, () => 2)
    const [seats, other] = [open(limit), open(limit)]
    const release = seats.take(yard)
    t.throws(() => other.take(yard), { code: 'TOO_MANY_VIEWERS' })
    t.throws(() => open(limit), full)
    seats.end()
    release()
    other.end()
    for (let i = 0; i < 2; i++) open(limit)
    t.throws(() => open(limit), full)
  })
})
