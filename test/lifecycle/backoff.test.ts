import fc from 'fast-check'
import t from 'tap'
import { backoff } from '../../src/lifecycle/backoff.js'

t.test('the wait before the next attempt', async t => {
  t.test('has a ceiling that doubles from 2 s to 30 s', async t => {
    t.same([1, 2, 3, 4, 5, 6, 100].map(attempt => backoff(attempt, {}, 1)), [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })
  t.test('is spread from 1 s to the ceiling, so that a fleet does not retry at once', async t => {
    t.same([0, 0.5, 1].map(jitter => backoff(3, {}, jitter)), [1_000, 4_500, 8_000])
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, jitter) => {
      const ms = backoff(attempt, {}, jitter)
      return ms >= 1_000 && ms <= 30_000
    }))
  })
  t.test('is five minutes after a wrong password, because cameras lock accounts', async t => {
    t.same([0, 0.9].map(jitter => backoff(1, { locks: true }, jitter)), [300_000, 300_000])
  })
})
