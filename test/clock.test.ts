import t from 'tap'
import { systemClock, wallTimeOf, type Clock } from '../src/clock.js'

t.test('the system clock', async t => {
  t.test('calls back once the time has passed', async t => {
    const before = systemClock.now()
    await new Promise<void>(resolve => { systemClock.after(5, resolve) })
    t.ok(systemClock.now() - before >= 4)
  })
})

t.test('wallTimeOf returns one time for a moment', async t => {
  let [now, set] = [1_000.25, 0]
  // Like the real clocks: one counts fractions of a millisecond, the other whole ones.
  const clock: Clock = { now: () => now, wall: () => Math.floor(Date.UTC(2026, 0, 1) + now + set), after: () => () => {} }
  const at = now
  const times = new Set<number>()
  for (let i = 0; i < 500; i++) {
    now += 7.13
    times.add(Math.round(wallTimeOf(clock, at)))
  }
  t.equal(times.size, 1, 'however often it is asked for')
  set = 3_600_000
  t.equal(Math.round(wallTimeOf(clock, at) / 1_000), Math.round([...times][0]! / 1_000) + 3_600, 'and another one after the wall clock is set')
})
