import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { Listeners } from '../../src/viewers/listeners.js'

class FakeResponse extends EventEmitter {
  isEnded = false
  end () {
    this.isEnded = true
    this.emit('close')
  }
}
const respond = () => new FakeResponse() as FakeResponse & ServerResponse

t.test('listeners', async t => {
  t.test('are counted until their response closes', async t => {
    const listeners = new Listeners(() => 2)
    const first = respond()
    listeners.add(first, '10.0.0.1')
    listeners.add(respond(), '10.0.0.2')
    t.throws(() => listeners.add(respond(), '10.0.0.3'), { code: 'TOO_MANY_LISTENERS', message: /^camgate has .* \(2\)/ })
    first.emit('close')
    t.doesNotThrow(() => listeners.add(respond(), '10.0.0.3'))
  })

  t.test('of one network cannot take the seats of all', async t => {
    const listeners = new Listeners(() => Infinity)
    const own = Array.from({ length: 200 }, respond)
    for (const [i, response] of own.entries()) listeners.add(response, `2001:db8:1:2::${i + 1}`)
    t.throws(() => listeners.add(respond(), '2001:db8:1:2:ffff::4'), { code: 'TOO_MANY_LISTENERS', message: /2001:db8:1:2/ })
    t.doesNotThrow(() => listeners.add(respond(), '2001:db8:1:3::4'))
    own[0]!.emit('close')
    t.doesNotThrow(() => listeners.add(respond(), '2001:db8:1:2:ffff::4'))
  })

  t.test('all end with the service', async t => {
    const listeners = new Listeners(() => 10)
    const [left, stays] = [respond(), respond()]
    listeners.add(left, '10.0.0.1')
    listeners.add(stays, '10.0.0.1')
    left.emit('close')
    listeners.end()
    t.same([left.isEnded, stays.isEnded], [false, true])
  })
})
