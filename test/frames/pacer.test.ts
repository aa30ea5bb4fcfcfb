import fc from 'fast-check'
import t from 'tap'
import { Pacer } from '../../src/frames/pacer.js'

const admitted = (fps: number, times: number[]) => {
  const pacer = new Pacer(fps)
  return times.filter(at => pacer.admits(at))
}
const evenly = (ms: number, count: number) => Array.from({ length: count }, (_, i) => i * ms)

t.test('a pacer', async t => {
  t.test('thins to its rate on average', async t => {
    t.equal(admitted(5, evenly(50, 200)).length, 51) // 10 s of 20 fps, and one interval's tolerance
    t.equal(admitted(20, evenly(40, 250)).length, 201) // 10 s of 25 fps
  })
  t.test('drops no frame of a camera that jitters at exactly its rate', async () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 49, noNaN: true }), { maxLength: 300 }), jitter =>
      admitted(20, jitter.map((ms, i) => i * 50 + ms)).length === jitter.length))
  })
  t.test('starts again at a frame that was taken out of turn', async t => {
    const pacer = new Pacer(10)
    t.ok(pacer.admits(0))
    pacer.restart(40)
    t.same([120, 139, 140, 200, 240, 300].filter(at => pacer.isDue(at)), [140, 200, 240, 300], 'asking takes nothing')
    t.same([120, 140, 200, 240, 300, 340].filter(at => pacer.admits(at)), [140, 240, 340])
  })
  t.test('lets the next frame through after a pause, and no burst after it', async t => {
    t.same(admitted(10, [0, 5_000, 5_010, 5_020, 5_030]), [0, 5_000, 5_010])
  })
})
