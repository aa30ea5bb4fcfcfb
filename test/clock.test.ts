import t from 'tap'
import { systemClock } from '../src/clock.js'

t.test('the system clock', async t => {
  t.test('calls back once the time has passed', async t => {
    const before = systemClock.now()
    await new Promise<void>(resolve => { systemClock.after(5, resolve) })
    t.ok(systemClock.now() - before >= 4)
  })
})
