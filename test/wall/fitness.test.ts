import t from 'tap'
import { Fitness } from '../../src/wall/fitness.js'

t.test('a tile', async t => {
  t.test('goes down and up step by step', async t => {
    const fitness = new Fitness()
    for (const at of [0, 1_000]) {
      fitness.behind(at)
      fitness.behind(at)
      t.ok(fitness.isBehind(at))
      fitness.stepDown(at)
      t.notOk(fitness.isBehind(at))
    }
    t.equal(fitness.level, 2)
    t.ok(fitness.mayStepUp(31_000))
    fitness.stepUp(31_000)
    t.equal(fitness.level, 1)
    t.notOk(fitness.mayStepUp(60_999))
    t.ok(fitness.mayStepUp(61_000))
  })

  t.test('is behind once it has skipped twice within ten seconds', async t => {
    const fitness = new Fitness()
    fitness.behind(0)
    t.notOk(fitness.isBehind(0))
    fitness.behind(10_000)
    t.notOk(fitness.isBehind(10_000))
    fitness.behind(19_999)
    t.ok(fitness.isBehind(19_999))
    t.notOk(fitness.isBehind(20_000), 'and is forgiven')
  })

  t.test('tries the video again after 30 s, if no JPEG was skipped for 5', async t => {
    const fitness = new Fitness()
    t.notOk(fitness.mayStepUp(100_000))
    fitness.stepDown(0)
    t.equal(fitness.level, 1)
    t.notOk(fitness.mayStepUp(29_999))
    fitness.dropped(29_000)
    t.notOk(fitness.mayStepUp(33_999))
    t.ok(fitness.mayStepUp(34_000))
    fitness.stepUp(34_000)
    t.equal(fitness.level, 0)
    t.notOk(fitness.mayStepUp(100_000))
  })

  t.test('waits longer after each try that fails, up to five minutes, until one holds for a minute', async t => {
    const fitness = new Fitness()
    let now = 0
    const fail = (afterMs: number) => {
      fitness.stepDown(now += afterMs)
      const since = now
      while (!fitness.mayStepUp(now)) now += 1_000
      fitness.stepUp(now)
      return now - since
    }
    t.same([fail(0), fail(1_000), fail(59_000), fail(0), fail(0), fail(0)], [30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
    t.equal(fail(60_000), 30_000)
  })
})
