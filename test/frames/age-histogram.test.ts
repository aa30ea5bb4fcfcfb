import t from 'tap'
import { AGE_BOUNDS_MS, AgeHistogram } from '../../src/frames/age-histogram.js'

t.test('an age histogram counts each age once, below the bound that is not less', async t => {
  const ages = new AgeHistogram()
  for (const age of [0, 5, 5.1, 10_000, 10_001, 60_000]) ages.add(age)
  t.same([...ages.counts], [2, 1, ...AGE_BOUNDS_MS.slice(3).map(() => 0), 1, 2])
  t.equal(ages.sumMs, 80_011.1)
})
