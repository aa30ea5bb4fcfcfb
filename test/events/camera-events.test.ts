import { EventEmitter } from 'node:events'
import t from 'tap'
import { Value } from 'typebox/value'
import { CameraEvents } from '../../src/events/camera-events.js'
import { CameraStateSchema, type CameraStatus } from '../../src/stream/status.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'
import { cameraStatus, decoderStatus } from '../status.js'

class FakeCamera extends EventEmitter<{ change: [] }> {
  readonly camera: { readonly id: string }
  now: CameraStatus = cameraStatus
  constructor (id: string) {
    super()
    this.camera = { id }
  }

  status () { return this.now }
  become (status: Partial<CameraStatus>) {
    this.now = { ...this.now, ...status }
    this.emit('change')
  }
}

function watching () {
  const clock = new FakeClock()
  const [yard, lab] = [new FakeCamera('yard'), new FakeCamera('lab')] as const
  const fleet = Object.assign(new EventEmitter<{ change: [] }>(), { all: [yard, lab] })
  const events = new CameraEvents(fleet, clock)
  const told: string[] = []
  const listen = () => events.subscribe(why => told.push(why))
  const after = (number: number, sees = (_id: string) => true) => events.after(number, sees)
  const become = (...cameras: FakeCamera[]) => {
    fleet.all = cameras
    fleet.emit('change')
  }
  return { clock, yard, lab, fleet, become, events, told, listen, after }
}

t.test('events about cameras', async t => {
  t.test('are told at once, one for all changes that a camera makes in a row', async t => {
    const { yard, told, listen, after } = watching()
    listen()
    yard.become({ state: 'stopping' })
    yard.become({ state: 'stopped', since: '2026-01-01T00:00:01.000Z' })
    await turn()
    t.same(told, ['change'])
    const [event, ...others] = after(0)
    t.same(others, [])
    t.match(event, { kind: 'camera', id: 'yard', number: 1, camera: { name: 'Yard', state: 'stopped', since: '2026-01-01T00:00:01.000Z' } })
    t.ok(event?.kind === 'camera' && Value.Check(CameraStateSchema, event.camera))
    t.notMatch(event, { camera: { watching: [] } }, 'and say nothing of who watches')
  })

  t.test('are none where nothing that they tell has changed', async t => {
    const { yard, told, listen, after } = watching()
    listen()
    yard.become({ framesTotal: 99, fps: 3 })
    await turn()
    t.same([told, after(0)], [[], []])
  })

  t.test('tell how the decoder is', async t => {
    const { yard, after } = watching()
    yard.become({ decoder: decoderStatus })
    await turn()
    const { state, since, failure, nextRetryAt } = decoderStatus
    t.match(after(0), [{ camera: { decoder: { state, since, failure, nextRetryAt } } }])
    yard.become({ decoder: { ...decoderStatus, overloaded: { since, picturesDropped: 7 } } })
    await turn()
    t.equal(after(0)[0]?.number, 1, 'but not how many pictures it drops')
  })

  t.test('are remembered, the newest of each camera, also while nobody listens', async t => {
    const { yard, lab, events, after } = watching()
    for (const state of ['stopping', 'stopped', 'starting'] as const) {
      yard.become({ state })
      await turn()
    }
    lab.become({ state: 'waiting' })
    await turn()
    const short = (number: number) => after(number).map(event => [event.number, event.id, event.kind === 'camera' && event.camera.state])
    t.same(short(0), [[3, 'yard', 'starting'], [4, 'lab', 'waiting']])
    t.same(short(2), [[3, 'yard', 'starting'], [4, 'lab', 'waiting']])
    t.same(short(3), [[4, 'lab', 'waiting']])
    t.same(short(events.newest), [])
  })

  t.test('are only of the cameras that somebody sees', async t => {
    const { yard, lab, events, after } = watching()
    yard.become({ state: 'stopped' })
    lab.become({ state: 'stopped' })
    await turn()
    t.same(after(0, id => id === 'lab').map(({ id }) => id), ['lab'])
    t.same(Object.keys(events.all(id => id === 'lab')), ['lab'])
    t.match(events.all(() => true), { yard: { state: 'stopped', fps: 4.9 }, lab: { state: 'stopped' } })
  })

  t.test('tell changed figures every two seconds, while somebody listens', async t => {
    const { clock, yard, told, listen, events, after } = watching()
    yard.now = { ...yard.now, viewers: 3 }
    clock.advance(60_000)
    t.same(after(0), [], 'nobody listens')
    const leave = listen()
    t.match(after(0), [{ kind: 'figures', id: 'yard', figures: { viewers: 3, fps: 4.9, frameAgeMs: 12 } }])
    yard.now = { ...yard.now, fps: 5, frameAgeMs: 30 }
    clock.advance(1_999)
    t.same([told, events.newest], [[], 1])
    clock.advance(1)
    t.same(told, ['beat'])
    t.match(after(1), [{ kind: 'figures', figures: { viewers: 3, fps: 5, frameAgeMs: 30 } }])
    yard.now = { ...yard.now, frameAgeMs: 60_000 }
    clock.advance(2_000)
    t.same([told.length, events.newest], [2, 2], 'that a picture grows older is no news')
    leave()
    t.equal(clock.pending, 0)
  })

  t.test('tell a new state once, with its figures', async t => {
    const { clock, yard, listen, after } = watching()
    listen()
    yard.become({ state: 'stopped', fps: 0 })
    await turn()
    clock.advance(2_000)
    t.match(after(0), [{ kind: 'camera', camera: { fps: 0 } }])
    t.equal(after(0).length, 1)
    yard.now = { ...yard.now, viewers: 9 }
    clock.advance(2_000)
    t.match(after(0), [{ kind: 'camera' }, { kind: 'figures', figures: { viewers: 9 } }], 'older state first')
  })

  t.test('follow cameras that come, go and change their place', async t => {
    const { yard, lab, become, told, listen, events, after } = watching()
    listen()
    const gate = new FakeCamera('gate')
    become(gate, lab)
    t.same([told, events.order(() => true), events.orderChanges], [['change'], ['gate', 'lab'], 1])
    t.match(after(0), [{ kind: 'camera', id: 'gate', number: 1, camera: { state: 'running' } }])
    t.same(events.order(id => id === 'lab'), ['lab'])
    yard.become({ state: 'stopped' })
    gate.become({ state: 'stopped' })
    await turn()
    t.match(after(1), [{ id: 'gate', number: 2 }])
    t.equal(yard.listenerCount('change'), 0)
    become(lab, gate)
    t.match([events.order(() => true), after(2)], [['lab', 'gate'], []])
    const again = new FakeCamera('lab')
    become(again, gate)
    t.match(after(2), [{ id: 'lab', number: 3 }], 'a camera that was removed and is back is another')
    t.equal(lab.listenerCount('change'), 0)
  })

  t.test('have ids that no other process has', async t => {
    const { yard, events } = watching()
    yard.become({ state: 'stopped' })
    await turn()
    t.equal(events.numberOf(events.idOf(1)), 1)
    t.equal(events.numberOf(events.idOf(2)), undefined, 'not yet told')
    for (const id of ['', '1', '-1', `${events.idOf(1)}x`, watching().events.idOf(0), 'x'.repeat(10_000)]) t.equal(events.numberOf(id), undefined, id.slice(0, 40))
  })

  t.test('end with close', async t => {
    const { clock, yard, events, told, listen, after, become } = watching()
    listen()
    events.close()
    become()
    yard.become({ state: 'stopped' })
    await turn()
    t.same([told, after(0), clock.pending, yard.listenerCount('change')], [[], [], 0, 0])
  })
})
