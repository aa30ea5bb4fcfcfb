import t from 'tap'
import { Watchdog } from '../../src/lifecycle/watchdog.js'
import { FakeClock } from '../fake-clock.js'

t.test('a watchdog', async t => {
  const make = () => {
    const clock = new FakeClock()
    const timeouts: number[] = []
    return { clock, timeouts, watchdog: new Watchdog(clock, () => 10_000, () => timeouts.push(clock.now())) }
  }
  t.test('calls back once, when nothing comes within its limit', async t => {
    const { clock, timeouts, watchdog } = make()
    watchdog.start()
    clock.advance(60_000)
    t.same(timeouts, [10_000])
  })
  t.test('counts from the last sign, with one timer for any number of signs', async t => {
    const { clock, timeouts, watchdog } = make()
    watchdog.start()
    for (let i = 0; i < 500; i++) {
      clock.advance(50)
      watchdog.signOfLife()
      t.equal(clock.pending, 1)
    }
    clock.advance(60_000)
    t.same(timeouts, [35_000])
  })
  t.test('is silent after a stop, and can start again', async t => {
    const { clock, timeouts, watchdog } = make()
    watchdog.start()
    clock.advance(9_000)
    watchdog.stop()
    clock.advance(60_000)
    watchdog.start()
    watchdog.start()
    clock.advance(9_999)
    t.same(timeouts, [])
    clock.advance(1)
    t.same(timeouts, [79_000])
  })
})
