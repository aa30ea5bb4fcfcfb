import fc from 'fast-check'
import t from 'tap'
import type { Failure } from '../../src/failure/failure.js'
import { next, outageOf, type Event, type State } from '../../src/lifecycle/state.js'

const refused: Failure = { code: 'refused', message: 'Nothing answers.' }
const stalled: Failure = { code: 'stalled', message: 'No pictures.' }
const start: Event = { kind: 'start', at: 0, wanted: true }
const restart: Event = { kind: 'restart', at: 0, wanted: true }
const stop: Event = { kind: 'stop', at: 0 }
const retry: Event = { kind: 'retry', at: 0, wanted: true }
const watched: Event = { kind: 'watched', at: 0 }
const unwatched: Event = { kind: 'unwatched', at: 0 }
const unwanted: Event = { kind: 'start', at: 0, wanted: false }
const frame: Event = { kind: 'frame', at: 1_000 }
const broken: Event = { kind: 'broken', at: 5_000, failure: stalled }
const exit: Event = { kind: 'exit', at: 5_000, failure: refused, jitter: 0.5 }

const after = (...events: Event[]) => events.reduce<State>(next, { kind: 'stopped', since: 0 })

t.test('a supervisor', async t => {
  t.test('is running from its first frame, not from its spawn', async t => {
    t.match(after(start), { kind: 'starting', attempt: 1, outage: null })
    t.match(after(start, frame), { kind: 'running', since: 1_000 })
    t.match(after(start, frame, { kind: 'frame', at: 2_000 }), { kind: 'running', since: 1_000 })
  })

  t.test('tries again after every exit, and waits longer each time', async t => {
    t.match(after(start, exit), { kind: 'waiting', attempt: 1, retryAt: 6_500, outage: refused })
    t.match(after(start, exit, retry), { kind: 'starting', attempt: 2 })
    t.match(after(start, exit, retry, exit), { kind: 'waiting', attempt: 2, retryAt: 7_500 })
  })

  t.test('waits five minutes with a wrong password', async t => {
    t.match(after(start, { ...exit, failure: { ...refused, code: 'auth', locks: true } }), { retryAt: 305_000 })
  })

  t.test('resets its count only after ten seconds of frames', async t => {
    const second = [start, exit, retry, frame] as const
    t.match(after(...second, { ...exit, at: 10_999 }), { kind: 'waiting', attempt: 2 })
    t.match(after(...second, { ...exit, at: 11_000 }), { kind: 'waiting', attempt: 1 })
  })

  t.test('remembers when pictures stopped', async t => {
    const first = after(start, { ...exit, at: 700 }, retry)
    t.match(outageOf(first), { code: 'refused', since: 700 })
    t.match(outageOf(next(first, { ...exit, failure: stalled })), { code: 'stalled', since: 700 })
    t.match(outageOf(next(next(first, frame), exit)), { since: 5_000 })
    t.equal(outageOf(next(first, frame)), null)
  })

  t.test('does not wait when it is asked to start or to restart', async t => {
    t.match(after(start, exit, start), { kind: 'starting', attempt: 1 })
    t.match(after(start, exit, retry, exit, restart), { kind: 'starting', attempt: 1 })
  })

  t.test('is stopped only once its process has exited', async t => {
    t.match(after(start, frame, stop, frame), { kind: 'stopping' })
    t.match(after(start, frame, stop, exit), { kind: 'stopped' })
    t.match(after(start, exit, stop), { kind: 'stopped' })
  })

  t.test('stays stopped until it is started by hand', async t => {
    for (const event of [watched, unwatched, retry, frame, exit, broken]) t.match(after(event), { kind: 'stopped' })
  })

  t.test('does what was requested last, once the process has gone', async t => {
    t.match(after(start, stop, start, exit), { kind: 'starting', attempt: 1 })
    t.match(after(start, stop, start, stop, exit), { kind: 'stopped' })
    t.match(after(start, frame, restart, exit), { kind: 'starting', attempt: 1 })
    t.match(after(start, frame, restart, stop, exit), { kind: 'stopped' })
  })

  t.test('ends a process without frames, and waits as after an exit', async t => {
    t.match(after(start, frame, broken), { kind: 'stopping', goal: { kind: 'waiting', outage: stalled } })
    t.match(after(start, frame, broken, exit), { kind: 'waiting', outage: stalled, retryAt: 6_500 })
    t.match(after(start, broken, start, exit), { kind: 'starting' })
  })
})

t.test('another configuration', async t => {
  const renew: Event = { kind: 'renew', at: 6_000, wanted: true }
  const locked: Event = { kind: 'exit', at: 5_000, failure: { ...refused, code: 'auth', locks: true }, jitter: 0 }

  t.test('replaces what was launched with the old one', async t => {
    t.match(after(start, frame, renew), { kind: 'stopping', goal: { kind: 'starting' } })
    t.match(after(start, renew, exit), { kind: 'starting', attempt: 1, outage: null })
    t.match(after(start, broken, renew, exit), { kind: 'starting', outage: null }, 'and is not made to wait for a failure of the old one')
    t.match(after(start, { ...renew, wanted: false }), { kind: 'stopping', goal: { kind: 'idle' } })
  })
  t.test('ends the wait after a failure, and forgets that and a refusal', async t => {
    t.match(after(start, exit, renew), { kind: 'starting', attempt: 1, outage: null })
    t.match(after(start, locked, renew), { kind: 'starting', outage: null, refusal: undefined })
    t.match(after(start, locked, { ...renew, wanted: false }, { kind: 'watched', at: 7_000 }), { kind: 'starting' })
  })
  t.test('starts nothing that is stopped or asleep', async t => {
    t.match(after(renew), { kind: 'stopped' })
    t.match(after(unwanted, renew), { kind: 'idle' })
    t.match(after(start, frame, stop, renew), { kind: 'stopping', goal: { kind: 'stopped' } })
    t.match(after(start, locked, stop, renew, start), { kind: 'starting' }, 'but has not been refused')
  })
})

t.test('a camera that has refused its password', async t => {
  const refusal: Failure = { code: 'auth', message: 'It refuses.', locks: true }
  const at = <E extends Event>(time: number, event: E): E => ({ ...event, at: time })
  const no = (time: number): Event => ({ kind: 'exit', at: time, failure: refusal, jitter: 0 })
  const waits = { kind: 'waiting', retryAt: 65_000, outage: { ...refusal, since: 5_000 } }
  const from = (...events: Event[]) => after(start, no(5_000), ...events)

  t.test('is tried by hand once a minute at most, by any command', async t => {
    t.match(from(at(6_000, start)), waits)
    t.match(from(at(6_000, restart)), waits)
    t.match(from(at(6_000, stop), at(7_000, start)), { ...waits, since: 7_000 })
    t.match(from(at(6_000, stop), at(7_000, unwanted), at(8_000, watched)), { ...waits, since: 8_000 })
    t.match(from(at(64_999, start)), waits)
    t.match(from(at(65_000, start)), { kind: 'starting', attempt: 1 })
    t.match(from(at(65_000, stop), at(65_001, restart)), { kind: 'starting' })
  })
  t.test('changes its state once, however often a start is requested', async t => {
    const asked = from(at(6_000, start))
    for (const event of [start, restart]) t.equal(next(asked, at(7_000, event)), asked)
  })
  t.test('is retried as usual', async t => {
    t.match(from(), { retryAt: 305_000 })
    t.match(from(at(305_000, retry)), { kind: 'starting', attempt: 2 })
    t.match(from(at(305_000, { ...retry, wanted: false }), at(305_100, watched)), { kind: 'starting' })
    t.match(from(at(6_000, start), at(65_000, retry), no(65_500)), { kind: 'waiting', retryAt: 365_500 })
  })
  t.test('is not tried more often after an attempt that was cut short or failed otherwise', async t => {
    const second = from(at(65_000, start))
    t.match(next(next(second, at(66_000, restart)), at(66_100, exit)), { kind: 'waiting', retryAt: 125_000 })
    t.match([at(66_000, stop), at(66_100, exit), at(66_200, start)].reduce<State>(next, second), { kind: 'waiting', retryAt: 125_000 })
    const unreachable = next(second, { ...exit, at: 66_000, jitter: 0 } as Event)
    t.match(unreachable, { kind: 'waiting', retryAt: 67_000, outage: refused })
    t.equal(next(unreachable, at(66_500, start)), unreachable, 'the retry is due within a minute')
    t.match([at(66_400, stop), at(66_500, start)].reduce<State>(next, unreachable), { kind: 'waiting', retryAt: 125_000 })
  })
  t.test('is like any other after its first picture', async t => {
    t.match(from(at(65_000, start), at(66_000, frame), at(66_100, restart), at(66_200, exit)), { kind: 'starting' })
  })
  t.test('remembers the refusal even if a stop came at the same time', async t => {
    t.match(after(start, at(4_000, stop), no(5_000)), { kind: 'stopped' })
    t.match(after(start, at(4_000, stop), no(5_000), at(6_000, start)), waits)
  })
  t.test('is tried as rarely if an attempt ends before its answer', async t => {
    const unanswered: Event = { ...exit, failure: { ...refused, unanswered: true } }
    t.match(after(start, restart, unanswered), { kind: 'waiting', retryAt: 65_000 })
    t.match(after(start, stop, unanswered, at(6_000, start)), { kind: 'waiting', retryAt: 65_000 })
    t.match(after(start, unanswered), { kind: 'waiting', retryAt: 6_500 }, 'automatic retries follow as after any failure')
    t.match(after(start, frame, restart, { ...exit, failure: refused }), { kind: 'starting' })
  })
  t.test('does not count without credentials', async t => {
    t.match(after(start, { ...exit, failure: { ...refusal, locks: undefined } }, at(6_000, start)), { kind: 'starting' })
  })
})

t.test('an on-demand camera', async t => {
  t.test('is idle until it has viewers, and again without them', async t => {
    t.match(after(unwanted), { kind: 'idle' })
    t.match(after(unwanted, watched), { kind: 'starting', attempt: 1 })
    t.match(after(unwanted, watched, frame, unwatched), { kind: 'stopping' })
    t.match(after(unwanted, watched, frame, unwatched, exit), { kind: 'idle' })
  })
  t.test('waits as long as any other, whatever its viewers do, and only then becomes idle', async t => {
    const refusedOnce = after(unwanted, watched, { ...exit, failure: { ...refused, code: 'auth', locks: true } })
    for (const event of [unwatched, watched]) t.equal(next(refusedOnce, event), refusedOnce)
    t.match(next(refusedOnce, { ...retry, wanted: false }), { kind: 'idle' })
    t.match(after(unwanted, watched, broken, unwatched, exit), { kind: 'waiting', outage: stalled })
  })
  t.test('starts for a viewer who joins while it stops', async t => {
    t.match(after(unwanted, watched, frame, unwatched, watched, exit), { kind: 'starting' })
    t.match(after(unwanted, watched, frame, stop, watched, exit), { kind: 'stopped' })
    t.match(after(unwanted, watched, frame, stop, unwatched, exit), { kind: 'stopped' })
  })
  t.test('can be stopped and started by hand', async t => {
    t.match(after(unwanted, stop), { kind: 'stopped' })
    t.match(after(unwanted, stop, unwanted), { kind: 'idle' })
    t.match(after(unwanted, { kind: 'restart', at: 0, wanted: false }), { kind: 'idle' })
  })
})

t.test('whatever happens', async t => {
  const anyEvent = fc.constantFrom(start, unwanted, restart, stop, retry, watched, unwatched, frame, broken, exit, { ...exit, failure: { ...refused, code: 'auth', locks: true } } as Event)
  t.test('there is never a second process, and a stop ends in stopped', async () => {
    fc.assert(fc.property(fc.array(anyEvent, { maxLength: 40 }), events => {
      let state: State = { kind: 'stopped', since: 0 }
      let processes = 0
      for (const event of events) {
        if (event.kind === 'exit' && processes === 0) continue
        const to = next(state, event)
        if (event.kind === 'exit') processes--
        if (to.kind === 'starting' && to !== state) processes++
        state = to
        const alive = state.kind === 'starting' || state.kind === 'running' || state.kind === 'stopping'
        if (processes !== (alive ? 1 : 0)) return false
      }
      const end = next(state, stop)
      return (end.kind === 'stopping' ? next(end, exit) : end).kind === 'stopped'
    }), { numRuns: 2_000 })
  })
})
