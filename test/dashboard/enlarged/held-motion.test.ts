import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { HeldMotion } from '../../../src/dashboard/enlarged/held-motion.js'
import { settled, StillClock } from '../still-clock.js'

const left = { pan: -1, tilt: 0, zoom: 0 }
const up = { pan: 0, tilt: 1, zoom: 0 }

function motionOf () {
  const clock = new StillClock()
  const sent: unknown[] = []
  const failures: unknown[] = []
  const pending: Array<{ done: () => void, fail: (error: Error) => void }> = []
  const motion = new HeldMotion((command: unknown) => {
    sent.push(command)
    return new Promise<void>((resolve, reject) => { pending.push({ done: resolve, fail: reject }) })
  }, (error: unknown) => failures.push(error), clock)
  const answer = async () => {
    for (const { done } of pending.splice(0)) done()
    await settled()
  }
  return { motion, clock, sent, failures, pending, answer }
}

t.test('a held motion', async t => {
  t.test('is asked for again and again, and stops when it is let go', async t => {
    const { motion, clock, sent, answer } = motionOf()
    motion.hold('ArrowLeft', left)
    motion.hold('ArrowLeft', left)
    for (let times = 0; times < 3; times++) {
      await answer()
      await clock.pass(250)
    }
    t.same(sent, Array.from({ length: 4 }, () => ({ move: left })))
    await answer()
    motion.release('ArrowLeft')
    motion.release('ArrowLeft')
    motion.releaseAll()
    await answer()
    await clock.pass(5_000)
    t.same(sent.slice(4), [{ stop: true }])
  })
  t.test('is the sum of what is held', async t => {
    const { motion, sent, answer } = motionOf()
    motion.hold('ArrowLeft', left)
    await answer()
    motion.hold('ArrowUp', up)
    await answer()
    motion.hold('button', left)
    await answer()
    motion.release('ArrowLeft')
    await answer()
    t.same(sent, [{ move: left }, { move: { ...left, tilt: 1 } }, { move: { ...left, tilt: 1 } }, { move: { ...left, tilt: 1 } }])
    motion.releaseAll()
    t.same(sent.slice(4), [{ stop: true }])
  })
  t.test('stops at once, and again if the last move may have come later', async t => {
    const { motion, clock, sent, answer } = motionOf()
    motion.hold('ArrowLeft', left)
    motion.release('ArrowLeft')
    t.same(sent, [{ move: left }, { stop: true }])
    await answer()
    t.same(sent, [{ move: left }, { stop: true }, { stop: true }])
    await answer()
    await clock.pass(5_000)
    t.equal(sent.length, 3)
  })
  t.test('has one request on its way', async t => {
    const { motion, clock, sent } = motionOf()
    motion.hold('ArrowLeft', left)
    motion.hold('ArrowUp', up)
    await clock.pass(5_000)
    t.same(sent, [{ move: left }])
  })
  t.test('ends with the first error, until it is held anew', async t => {
    const { motion, clock, sent, failures, pending } = motionOf()
    motion.hold('ArrowLeft', left)
    pending[0]!.fail(new Error('Somebody else moves it.'))
    await clock.pass(5_000)
    t.same(sent, [{ move: left }])
    t.match(failures, [{ message: 'Somebody else moves it.' }])
    motion.hold('ArrowLeft', left)
    t.equal(sent.length, 2)
  })
})
