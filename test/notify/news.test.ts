import t from 'tap'
import type { Condition } from '../../src/notify/condition.js'
import { newsFor, type Told } from '../../src/notify/news.js'

const fine: Condition = { isStopped: false, kind: 'fine' }
const failing = (since: number): Condition => ({ isStopped: false, kind: 'failing', since })
const recovering = (at: number): Condition => ({ isStopped: false, kind: 'recovering', since: 0, at })
const stopped: Condition = { isStopped: true, kind: 'resting' }
const idle: Condition = { isStopped: false, kind: 'resting' }

const news = (conditions: Record<string, Condition>, told: { down?: string[], stopped?: string[] } = {}, now = 100_000, cameras: 'all' | Set<string> = 'all') => {
  const known: Told = { down: new Set(told.down), stopped: new Set(told.stopped) }
  const { news, nextAt } = newsFor({ cameras, afterMs: 30_000 }, new Map(Object.entries(conditions)), known, now)
  return { nextAt, ...Object.fromEntries(news.map(({ event, ids }) => [event, ids.join(' ')])) }
}

t.test('news', async t => {
  t.test('are none of cameras that are as they were told', async t => {
    t.same(news({ a: fine, b: failing(0), c: stopped, d: idle }, { down: ['b'], stopped: ['c'] }), { nextAt: Infinity })
  })
  t.test('are failures that have lasted for so long', async t => {
    t.same(news({ a: failing(70_000), b: failing(70_001), c: failing(80_000), d: failing(0) }), { nextAt: 100_001, down: 'a d' })
  })
  t.test('are recoveries of which the failure was told', async t => {
    t.same(news({ a: fine, b: fine }, { down: ['a'] }), { nextAt: Infinity, up: 'a' })
    t.same(news({ a: recovering(90_000), b: recovering(95_000), c: recovering(1) }, { down: ['a', 'b'] }), { nextAt: 105_000, up: 'a' })
  })
  t.test('of a camera that rests are none: whether it works is not known', async t => {
    t.same(news({ a: idle, b: stopped }, { down: ['a', 'b'], stopped: ['b'] }), { nextAt: Infinity })
  })
  t.test('are starts and stops', async t => {
    t.same(news({ a: stopped, b: fine, c: failing(0) }, { stopped: ['b', 'c'] }), { nextAt: Infinity, stopped: 'a', started: 'b c', down: 'c' })
  })
  t.test('are about the cameras of the target', async t => {
    t.same(news({ a: failing(0), b: failing(0), c: failing(99_000) }, {}, 100_000, new Set(['b'])), { nextAt: Infinity, down: 'b' })
  })
})
