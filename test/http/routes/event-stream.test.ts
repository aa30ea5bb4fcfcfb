import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { CameraEvents } from '../../../src/events/camera-events.js'
import { Fleet } from '../../../src/camera/fleet.js'
import { EventStream } from '../../../src/http/routes/event-stream.js'
import { pino } from 'pino'
import { FakeClock } from '../../fake-clock.js'
import { camera, FakeLaunch, turn } from '../../fake-launch.js'

/** A response whose connection is busy when the test says so. */
class FakeResponse extends EventEmitter {
  isBusy = false
  isDestroyed = false
  written: string[] = []
  writeHead () { return this }
  write (text: string) {
    this.written.push(text)
    return !this.isBusy
  }

  destroy () {
    this.isDestroyed = true
    this.emit('close')
  }

  get text (): string { return this.written.join('') }

  /** The events written since the last call: their names and cameras' states. */
  take () {
    return this.written.splice(0).join('').split('\n\n').filter(each => each.includes('data: ')).map(each => {
      const { id, state } = JSON.parse(/^data: (.*)$/m.exec(each)![1]!) as { id?: string, state?: string }
      return [/^event: (.*)$/m.exec(each)![1], ...id === undefined ? [] : [id], ...state === undefined ? [] : [state]].join(' ')
    })
  }
}

function listening () {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const fleet = new Fleet(['1', '2'].map(id => ({ ...camera, id })), played.parts(pino({ level: 'silent' })))
  const events = new CameraEvents(fleet, clock)
  const response = new FakeResponse()
  new EventStream(response as unknown as ServerResponse, {}, { events, clock, sees: () => true }).start(undefined)
  return { clock, played, fleet, events, response }
}

t.test('a listener', async t => {
  t.test('whose connection is busy gets what is newest once it is free, and nothing twice', async t => {
    const { fleet, played, clock, response } = listening()
    t.same(response.take(), ['all', 'cameras', 'time'])
    response.isBusy = true
    void fleet.get('1').start()
    await turn()
    t.same(response.take(), ['camera 1 starting'])
    played.frame('1')
    await turn()
    void fleet.get('1').stop()
    void fleet.get('2').start()
    await turn()
    played.exit([], '1')
    await turn()
    clock.advance(6_000)
    t.same(response.take(), [], 'not while it is busy')
    response.isBusy = false
    response.emit('drain')
    t.same(response.take(), ['camera 2 starting', 'camera 1 stopped', 'figures 1'], 'its rate fell later')
    clock.advance(2_000)
    t.same(response.take(), ['time'])
  })

  t.test('that takes nothing for 30 seconds is disconnected', async t => {
    const { clock, response } = listening()
    response.isBusy = true
    clock.advance(2_000)
    clock.advance(29_999)
    t.notOk(response.isDestroyed)
    clock.advance(1)
    t.ok(response.isDestroyed)
    t.equal(clock.pending, 0, 'nothing goes on for it')
  })

  t.test('gets the order of the cameras that it sees, and nothing when others come and go', async t => {
    const { fleet, events } = listening()
    const orders = (text: string) => [...text.matchAll(/^event: cameras\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data!).order.join())
    const listen = (sees: (id: string) => boolean, lastId?: string) => {
      const response = new FakeResponse()
      new EventStream(response as unknown as ServerResponse, {}, { events, clock: new FakeClock(), sees }).start(lastId)
      return response
    }
    const [all, some] = [listen(() => true), listen(id => id !== 'secret')]
    t.same([orders(all.text), orders(some.text)], [['1,2'], ['1,2']])
    const before = some.text
    fleet.apply([{ ...camera, id: 'secret' }, { ...camera, id: '1' }, { ...camera, id: '2' }])
    t.equal(orders(all.text).at(-1), 'secret,1,2')
    t.equal(some.text, before)
    fleet.apply(['2', '3'].map(id => ({ ...camera, id })))
    t.same([orders(all.text).at(-1), orders(some.text).at(-1)], ['2,3', '2,3'])
    t.match(some.text, /event: camera\ndata: \{"id":"3",/)
    t.same(orders(listen(() => true, events.idOf(events.newest)).text), ['2,3'], 'also of somebody who comes back')
  })
})
