import t from 'tap'
import { durationMs } from '../../src/text/duration.js'

t.test('a duration is a number with a unit', async t => {
  t.same(['0s', '90s', '10m', '2h', '1d'].map(durationMs), [0, 90_000, 600_000, 7_200_000, 86_400_000])
  t.same(['', '30', 's', '30 s', '-1s', '1.5m', '1w', '30S', '9999999999s', '1m30s'].map(durationMs).filter(ms => ms !== undefined), [])
})
