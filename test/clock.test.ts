import t from 'tap'
import { systemClock, wallTimeOf, type Clock } from '../src/clock.js'

t.test('the system clock', async t => {
  t.test('calls back once the time has passed', async t => {
    const before = systemClock.now()
    await new Promise<void>(resolve => { systemClock.after(5, resolve) })
    t.ok(systemClock.now() - before >= 4)
  })
})

t.test('wallTimeOf keeps the order of moments, however long the process waits between reading one clock and the other', async t => {
  let now = 1_000
  let waitMs = 0
  const clock: Clock = {
    now: () => now,
    wall () {
      const wall = Math.floor(Date.UTC(2026, 0, 1) + now)
      now += waitMs
      return wall
    },
    after: () => () => {}
  }
  const times: number[] = []
  for (let i = 0; i < 400; i++) {
    now += 0.3
    waitMs = i % 7 === 6 ? i : 0
    const at = now
    times.push(wallTimeOf(clock, at))
  }
  t.ok(times.every((time, i) => i === 0 || time > times[i - 1]!))
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
  for (const by of [3_600_000, -50]) {
    const before = wallTimeOf(clock, at)
    set += by
    t.ok(Math.abs(wallTimeOf(clock, at) - before - by) < 2, `and another one after the wall clock is set by ${by} ms`)
  }
})
