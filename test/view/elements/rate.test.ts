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
})
