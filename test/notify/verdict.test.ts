import t from 'tap'
import type { Outcome } from '../../src/notify/post.js'
import { delayAfter, reasonOf, verdictOf } from '../../src/notify/verdict.js'

const answered = (status: number, retryAfter?: string): Outcome => ({ kind: 'answered', status, retryAfter })
const failed: Outcome = { kind: 'failed', reason: 'ECONNREFUSED' }

t.test('what becomes of a message', async t => {
  const byStatus = (...statuses: number[]) => [...new Set(statuses.map(status => verdictOf(answered(status))))]
  t.same(byStatus(200, 201, 202, 204, 299), ['delivered'])
  t.same(byStatus(300, 301, 302, 307, 308, 304, 400, 401, 403, 404, 410, 413, 422), ['refused'])
  t.same(byStatus(408, 429, 500, 502, 503, 504, 599), ['retry'])
  t.equal(verdictOf(failed), 'retry')
})

t.test('the wait for another attempt', async t => {
  const now = Date.UTC(2026, 0, 1)
  const delay = (outcome: Outcome, attempt = 1, jitter = 0) => delayAfter(outcome, attempt, jitter, now)
  t.test('grows from a second to five minutes, with jitter', async t => {
    t.same([1, 2, 3, 9, 400].map(attempt => delay(failed, attempt, 0)), [1_000, 1_000, 1_000, 1_000, 1_000])
    t.same([1, 2, 3, 8, 9, 400].map(attempt => delay(failed, attempt, 1)), [2_000, 4_000, 8_000, 256_000, 300_000, 300_000])
  })
  t.test('is as long as the receiver wants, up to an hour', async t => {
    t.equal(delay(answered(429, '120')), 120_000)
    t.equal(delay(answered(503, 'Thu, 01 Jan 2026 00:10:00 GMT')), 600_000)
    t.equal(delay(answered(503, '999999999')), 3_600_000)
    t.equal(delay(answered(503, '2'), 9, 1), 300_000, 'but not shorter than without')
    for (const odd of ['', 'soon', '-5', '1.5', '99999999999999', 'Thu, 01 Jan 2020 00:00:00 GMT']) t.equal(delay(answered(503, odd)), 1_000, odd)
  })
})

t.test('the reason', async t => {
  t.equal(reasonOf(failed), 'ECONNREFUSED')
  t.equal(reasonOf(answered(500)), 'it answers with 500')
  t.equal(reasonOf(answered(302)), 'it answers with 302, and redirects are not followed: write the address that it redirects to')
})
