import t from 'tap'
import { Rate } from '../../../src/view/elements/rate.js'

t.test('a rate', async t => {
  const rate = new Rate()
  t.equal(rate.at(0), 0)
  for (let i = 0; i <= 40; i++) rate.note(i * 50, i)
  t.equal(rate.at(2_000), 20)
  t.equal(rate.at(4_600), 0, 'of nothing that came lately')
  rate.note(5_000, 3)
  rate.note(6_000, 8)
  t.equal(rate.at(6_000), 5, 'begins again when the count does')
  t.equal(rate.intervalMs, 1_000)
  rate.note(66_000, 9)
  t.equal(rate.intervalMs, 1_000, 'takes an outage for no interval')
  rate.note(71_000, 10)
  rate.note(76_000, 11)
  t.equal(rate.intervalMs, 5_000)
})
