import t from 'tap'
import { nextCondition, type Condition } from '../../src/notify/condition.js'

type Seen = Parameters<typeof nextCondition>[1]
const failure = { code: 'unreachable', message: 'Nothing answers.', since: '2026-01-01T00:00:00.000Z' } as const
const state = (state: Seen['state']): Seen => ({ state, failure: null })
const running = state('running')
const waiting: Seen = { state: 'waiting', failure }
const retrying: Seen = { state: 'starting', failure }
const stopped = state('stopped')

/** What a camera becomes that is seen so at these seconds. */
const after = (...seen: ReadonlyArray<readonly [second: number, seen: Seen]>) =>
  seen.reduce<Condition | undefined>((before, [second, now]) => nextCondition(before, now, second * 1_000), undefined)

t.test('a camera', async t => {
  t.test('is fine while it runs, and until it fails for the first time', async t => {
    t.same(after([0, state('starting')]), { isStopped: false, kind: 'fine' })
    t.same(after([0, state('starting')], [1, running]), { isStopped: false, kind: 'fine' })
    t.same(after([0, running], [5, state('stopping')], [6, state('starting')]), { isStopped: false, kind: 'fine' }, 'a restart is no failure')
  })
  t.test('fails from its first failure on, through all attempts', async t => {
    t.same(after([0, running], [5, waiting], [6, retrying], [9, waiting]), { isStopped: false, kind: 'failing', since: 5_000 })
    t.same(after([0, state('starting')], [8, waiting]), { isStopped: false, kind: 'failing', since: 8_000 }, 'one that has never come up, too')
  })
  t.test('has recovered when it has shown pictures for ten seconds', async t => {
    t.same(after([0, waiting], [5, running]), { isStopped: false, kind: 'recovering', since: 0, at: 5_000 })
    t.same(after([0, waiting], [5, running], [14, running]), { isStopped: false, kind: 'recovering', since: 0, at: 5_000 })
    t.same(after([0, waiting], [5, running], [15, running]), { isStopped: false, kind: 'fine' })
  })
  t.test('that flaps has one outage', async t => {
    t.same(after([0, waiting], [5, running], [9, waiting], [20, running], [29, waiting]), { isStopped: false, kind: 'failing', since: 0 })
    t.same(after([0, waiting], [5, running], [16, waiting]), { isStopped: false, kind: 'failing', since: 16_000 }, 'but a new one after it has recovered')
  })
  t.test('rests while it is stopped, or nobody watches it', async t => {
    t.same(after([0, running], [1, state('stopping')], [2, stopped]), { isStopped: true, kind: 'resting' })
    t.same(after([0, running], [1, state('idle')]), { isStopped: false, kind: 'resting' })
    t.same(after([0, waiting], [9, stopped], [100, state('starting')], [108, waiting]), { isStopped: false, kind: 'failing', since: 108_000 }, 'its outage is over then')
    t.same(after([0, stopped], [1, state('starting')], [2, running]), { isStopped: false, kind: 'recovering', since: 2_000, at: 2_000 })
  })
  t.test('is stopped until it starts', async t => {
    t.equal(after([0, running], [1, state('stopping')])!.isStopped, false)
    t.equal(after([0, stopped], [1, state('starting')])!.isStopped, false)
    t.equal(after([0, stopped], [1, state('idle')])!.isStopped, false, 'one on demand is started without being connected')
  })
})
