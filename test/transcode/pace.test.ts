import t from 'tap'
import { Pace } from '../../src/transcode/pace.js'

const paceOf = (...samples: number[]) => {
  const pace = new Pace(5)
  for (const ms of samples) pace.add(ms)
  return pace.msPerPicture
}

t.test('a pace', async t => {
  t.test('is the average of the last pictures', async t => {
    t.equal(paceOf(), 0)
    t.equal(paceOf(10, 20), 15)
    t.equal(paceOf(1_000, 1_000, 20, 20, 20, 20, 20), 20)
  })
  t.test('is not changed by one hitch, but by two', async t => {
    t.equal(paceOf(4, 4, 4, 4, 700), 4)
    t.ok(paceOf(4, 4, 4, 4, 700, 700) > 170)
  })
})
