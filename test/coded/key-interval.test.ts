import t from 'tap'
import { KeyInterval } from '../../src/coded/key-interval.js'

/** Key pictures at these times, in milliseconds, and another picture at `newest`. */
function after (keys: readonly number[], newest?: number) {
  const interval = new KeyInterval()
  for (const at of keys) interval.note({ key: true, at })
  if (newest !== undefined) interval.note({ key: false, at: newest })
  return interval.ms
}

t.test('the time between key pictures', async t => {
  t.test('is unknown before the second one', async t => {
    t.equal(after([]), undefined)
    t.equal(after([], 5_000), undefined)
    t.equal(after([0], 5_000), undefined)
  })
  t.test('is the median of the last five intervals', async t => {
    t.equal(after([500, 2_500]), 2_000)
    t.equal(after([0, 2_000, 4_000, 8_000, 10_000, 12_000]), 2_000, 'a lost key picture')
    t.equal(after([0, 2_000, 2_100, 4_000, 6_000]), 2_000, 'one that came on request')
    t.equal(after([0, 1_000, 2_000, 3_000, 4_000, 5_000, 9_000, 13_000, 17_000]), 4_000, 'the camera was set differently')
  })
  t.test('is at least the time for which pictures have come without one', async t => {
    t.equal(after([0, 2_000, 4_000], 4_040), 2_000)
    t.equal(after([0, 2_000, 4_000], 13_000), 9_000)
  })
})
