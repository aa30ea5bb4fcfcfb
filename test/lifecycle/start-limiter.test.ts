import t from 'tap'
import { StartLimiter } from '../../src/lifecycle/start-limiter.js'
import { FakeClock } from '../fake-clock.js'

const turn = () => new Promise(resolve => setImmediate(resolve))

t.test('a start limiter', async t => {
  t.test('starts a few at once, and the next when a place is free', async t => {
    const startLimiter = new StartLimiter(new FakeClock(), 2)
    const started: number[] = []
    const leave = [1, 2, 3, 4].map(n => startLimiter.enter(() => started.push(n)))
    await turn()
    t.same(started, [1, 2])
    leave[1]!()
    leave[1]!()
    await turn()
    t.same(started, [1, 2, 3])
  })
  t.test('skips those that left the queue', async t => {
    const startLimiter = new StartLimiter(new FakeClock(), 1)
    const started: number[] = []
    const leave = [1, 2, 3].map(n => startLimiter.enter(() => started.push(n)))
    await turn()
    leave[1]!()
    leave[0]!()
    await turn()
    t.same(started, [1, 3])
  })
  for (const [timeoutMs, limitMs] of [[undefined, 2_000], [750, 750]] as const) {
    t.test(`is not held up for more than ${limitMs} ms by a start that hangs`, async t => {
      const clock = new FakeClock()
      const startLimiter = new StartLimiter(clock, 1, timeoutMs)
      const started: number[] = []
      for (const n of [1, 2]) startLimiter.enter(() => started.push(n))
      await turn()
      t.same(started, [1])
      clock.advance(limitMs - 1)
      await turn()
      t.same(started, [1])
      clock.advance(1)
      await turn()
      t.same(started, [1, 2])
    })
  }
})
