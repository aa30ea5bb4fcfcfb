import t from 'tap'
import { Latest } from '../../src/frames/latest.js'

const frame = (seq: number, { at = seq * 50, live = true } = {}) => ({ seq, at, live })

t.test('the latest frame', async t => {
  t.test('replaces the one that waits, which counts as dropped', async t => {
    const policy = new Latest()
    t.same([1, 2, 3].map(seq => policy.offer(frame(seq), 0)), [0, 1, 1])
    t.equal(policy.take()?.seq, 3)
    t.equal(policy.take(), undefined, 'it is sent once')
    t.equal(policy.offer(frame(7), 3), 3, 'with those that were never offered')
  })
  t.test('is discarded with its camera; a status frame does not count', async t => {
    const policy = new Latest()
    policy.offer(frame(1), 0)
    t.equal(policy.clear(), 1)
    policy.offer(frame(2, { live: false }), 0)
    t.equal(policy.clear(), 0)
    t.equal(policy.take(), undefined)
  })
  t.test('is limited to the requested rate, and the frames above it do not count', async t => {
    const policy = new Latest(5)
    let dropped = 0
    const seen = Array.from({ length: 20 }, (_, i) => i + 1).filter(seq => {
      dropped += policy.offer(frame(seq), 0)
      return policy.take()
    })
    t.same(seen, [1, 2, 5, 9, 13, 17])
    t.equal(dropped + policy.offer(frame(30), 9), 0)
  })
  t.test('is never delayed by the rate if it begins pictures or status frames, or changes the status', async t => {
    const policy = new Latest(0.1)
    const seen = [[1, true], [2, true], [3, true], [4, false], [5, false], [6, true]] as const
    t.same(seen.filter(([seq, live]) => {
      policy.offer(frame(seq, { live }), 0)
      return policy.take()
    }).map(([seq]) => seq), [1, 2, 4, 6], 'the second is the pacer\'s tolerance')
    policy.clear()
    policy.offer(frame(7), 0)
    t.equal(policy.take()?.seq, 7)
  })
})
