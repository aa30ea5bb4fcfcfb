import t from 'tap'
import { LifecycleCounts } from '../../src/lifecycle/lifecycle-counts.js'
import { next, type Event, type State } from '../../src/lifecycle/state.js'

const at = 0
const exit: Event = { kind: 'exit', at, failure: { code: 'refused', message: '' }, jitter: 0 }
const ask = (kind: 'start' | 'restart' | 'retry') => ({ kind, at, wanted: true }) as const

/** The counts after these events, from idle. */
function after (...events: Event[]): LifecycleCounts {
  const counts = new LifecycleCounts()
  events.reduce<State>((from, event) => {
    const to = next(from, event)
    counts.note(from, to)
    return to
  }, { kind: 'idle', since: 0 })
  return counts
}

t.test('a lifecycle counts', async t => {
  t.test('what failed, once, whether it ended by itself or had to be ended', async t => {
    t.same([...after(ask('start'), exit, ask('retry'), exit).failures], [['refused', 2]])
    t.same([...after(ask('start'), { kind: 'broken', at, failure: { code: 'stalled', message: '' } }, exit).failures], [['stalled', 1]], 'how it ends then is no second failure')
  })
  t.test('nothing that was asked for', async t => {
    t.same([...after(ask('start'), ask('restart'), exit, { kind: 'unwatched', at }, exit, ask('start'), { kind: 'stop', at }, exit).failures], [])
    t.same([...after(ask('start'), exit, ask('retry'), ask('restart'), exit).failures], [['refused', 1]], 'nor an attempt that is replaced while the failure before it lasts')
  })
  t.test('starts in place of another, and after a failure', async t => {
    t.equal(after(ask('start'), { kind: 'unwatched', at }, exit, { kind: 'watched', at }).restarts, 0, 'not after a rest')
    t.equal(after(ask('start'), ask('restart'), exit).restarts, 1)
    t.equal(after(ask('start'), exit, ask('retry')).restarts, 1)
  })
})
