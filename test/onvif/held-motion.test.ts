import t from 'tap'
import { HeldMotion } from '../../src/onvif/held-motion.js'
import type { Velocity } from '../../src/onvif/ptz.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'

const left = { pan: -1, tilt: 0, zoom: 0 }
const up = { pan: 0, tilt: 1, zoom: 0 }

/** A camera whose commands the test ends, or that does them at once. */
function motionOf ({ atOnce = true } = {}) {
  const clock = new FakeClock()
  const told: Array<Velocity | 'stop'> = []
  const warned: unknown[] = []
  const pending: Array<{ done: () => void, fail: (error: Error) => void }> = []
  const tell = (what: Velocity | 'stop') => {
    told.push(what)
    return atOnce ? Promise.resolve() : new Promise<void>((resolve, reject) => { pending.push({ done: resolve, fail: reject }) })
  }
  const motion = new HeldMotion({ move: tell, stop: () => tell('stop') }, clock, error => warned.push(error))
  return { motion, clock, told, warned, pending }
}

t.test('a held motion', async t => {
  t.test('ends by itself within a second of the last request', async t => {
    const { motion, clock, told } = motionOf()
    await motion.move(left)
    for (let held = 0; held < 10; held++) {
      clock.advance(300)
      await motion.move(left)
    }
    t.notOk(told.includes('stop'))
    t.ok(motion.isMoving)
    t.ok(told.length >= 5 && told.length < 10, `${told.length} commands: the camera is asked again before its own timeout, but not each time`)
    clock.advance(999)
    await turn()
    t.equal(told.at(-1), 'stop')
    t.notOk(motion.isMoving)
    t.equal(clock.pending, 0)
  })
  t.test('changes at once, and stops at once', async t => {
    const { motion, told } = motionOf()
    await motion.move(left)
    await motion.move(up)
    await motion.stop()
    await motion.stop()
    t.same(told, [left, up, 'stop'])
  })
  t.test('has one command on its way, and then the newest wish', async t => {
    const { motion, told, pending } = motionOf({ atOnce: false })
    const moves = [motion.move(left), motion.move(up), motion.move({ ...up, zoom: 1 })]
    t.same(told, [left])
    pending[0]!.done()
    await turn()
    t.same(told, [left, { ...up, zoom: 1 }])
    pending[1]!.done()
    await Promise.all(moves)
  })
  t.test('stops after a command that took too long', async t => {
    const { motion, clock, told, pending } = motionOf({ atOnce: false })
    const move = motion.move(left)
    clock.advance(5_000)
    pending[0]!.done()
    await turn()
    t.same(told, [left, 'stop'])
    pending[1]!.done()
    await move
  })
  t.test('begins anew when it is asked for while the camera stops', async t => {
    const { motion, told, pending } = motionOf({ atOnce: false })
    const first = motion.move(left)
    pending[0]!.done()
    await first
    const stopped = motion.stop()
    await turn()
    const second = motion.move(left)
    await turn()
    pending[1]!.done()
    await turn()
    t.same(told, [left, 'stop', left])
    pending[2]!.done()
    await Promise.all([stopped, second])
    t.ok(motion.isMoving)
  })
  t.test('stops the camera when a command fails, and reports the failure', async t => {
    const { motion, told, pending } = motionOf({ atOnce: false })
    const move = motion.move(left)
    pending[0]!.fail(new Error('no answer'))
    await turn()
    pending[1]!.done()
    await t.rejects(move, { message: 'no answer' })
    t.same(told, [left, 'stop'])
    t.notOk(motion.isMoving)
  })
  t.test('tries three times to stop, then warns', async t => {
    const { motion, told, warned, pending } = motionOf({ atOnce: false })
    const move = motion.move(left)
    pending[0]!.done()
    await move
    const stopped = motion.stop()
    for (let tries = 1; tries <= 3; tries++) {
      await turn()
      pending[tries]!.fail(new Error('no answer'))
    }
    await stopped
    t.same(told, [left, 'stop', 'stop', 'stop'])
    t.match(warned, [{ message: 'no answer' }])
  })
})
