import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import t from 'tap'
import { Viewers } from '../../src/viewers/viewers.js'
import { FakeClock } from '../fake-clock.js'

const yard = { id: '1', name: 'Yard' }
const socketOf = (response: ServerResponse) => response.socket as Socket

/** A response that closes when it is destroyed, or when its viewer leaves. */
class FakeResponse extends EventEmitter {
  readonly socket = {}
  isDestroyed = false
  destroy () {
    this.isDestroyed = true
    this.emit('close')
  }
}
const respond = () => new FakeResponse() as FakeResponse & ServerResponse

t.test('viewers', async t => {
  t.test('are counted until their response closes, streams and snapshots together', async t => {
    const viewers = new Viewers(new FakeClock(), () => 2)
    const [stream, snapshot, late] = [respond(), respond(), respond()]
    viewers.addStream(yard, stream, '10.0.0.1')
    viewers.add(yard, snapshot, '10.0.0.1')
    for (const add of [() => viewers.add(yard, late, '10.0.0.1'), () => viewers.addStream(yard, late, '10.0.0.1')]) t.throws(add, { code: 'TOO_MANY_VIEWERS' })
    t.notOk(viewers.isStreaming(socketOf(late)), 'one that was refused keeps its connection')
    snapshot.emit('close')
    t.doesNotThrow(() => viewers.add(yard, late, '10.0.0.1'))
  })

  t.test('at one address, or in one network, have a limit of their own', async t => {
    const viewers = new Viewers(new FakeClock(), () => Infinity, () => 1)
    viewers.add(yard, respond(), '2001:db8:1:2::3')
    t.throws(() => viewers.add(yard, respond(), '2001:db8:1:2:ffff::4'), { code: 'TOO_MANY_VIEWERS' })
    t.doesNotThrow(() => viewers.add(yard, respond(), '2001:db8:1:3::3'))
  })

  t.test('of a stream get no other answer on their connection', async t => {
    const viewers = new Viewers(new FakeClock())
    const [stream, snapshot] = [respond(), respond()]
    viewers.addStream(yard, stream, '10.0.0.1')
    viewers.add(yard, snapshot, '10.0.0.1')
    t.ok(viewers.isStreaming(socketOf(stream)))
    t.notOk(viewers.isStreaming(socketOf(snapshot)))
  })

  t.test('finish their frame at the end, but not for longer than a second', async t => {
    const clock = new FakeClock()
    const viewers = new Viewers(clock)
    const [quick, gone, stuck] = [respond(), respond(), respond()]
    for (const each of [quick, gone, stuck]) viewers.addStream(yard, each, '10.0.0.1')
    gone.emit('close')
    const ended = viewers.end([{ close () { quick.emit('close') } }])
    clock.advance(999)
    t.notOk(stuck.isDestroyed)
    clock.advance(1)
    await ended
    t.same([quick, gone, stuck].map(({ isDestroyed }) => isDestroyed), [false, false, true])
  })

  t.test('whose connection fails at the end are awaited like all others', async t => {
    const viewers = new Viewers(new FakeClock())
    const stream = respond()
    viewers.addStream(yard, stream.on('error', () => {}), '10.0.0.1')
    const ended = viewers.end([])
    stream.emit('error', new Error('write EPIPE'))
    stream.emit('close')
    await t.resolves(ended)
  })

  t.test('that have all finished are not awaited', async () => {
    const viewers = new Viewers(new FakeClock())
    const stream = respond()
    viewers.addStream(yard, stream, '10.0.0.1')
    const ended = viewers.end([])
    stream.emit('close')
    await ended
    await viewers.end([])
  })
})
