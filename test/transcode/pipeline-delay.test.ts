import t from 'tap'
import { PipelineDelay } from '../../src/transcode/pipeline-delay.js'

/**
 * ffmpeg is given a picture each `every` milliseconds and is `busy` about each it shows; it shows one once `held` more were given. Returns
 * the longest delay that was expected behind the first pictures, in which it learns.
 */
function longest ({ every, busy, held = 0, fps = 60, thinnedTo = 1, count = 200 }: { every: number, busy: number, held?: number, fps?: number, thinnedTo?: number, count?: number }): number {
  const unshown = new PipelineDelay(fps)
  const out: Array<{ given: number, at: number }> = []
  let worst = 0
  let free = 0
  for (let i = 0; i < count; i++) {
    const now = i * every
    while (out[0] && out[0].at <= now) {
      const { given, at } = out.shift()!
      unshown.show(given, at)
    }
    if (i > 20) worst = Math.max(worst, unshown.delay(now))
    unshown.give(now)
    if (i < held || i % thinnedTo > 0) continue
    free = Math.max(free, now) + busy
    out.push({ given: (i - held) * every, at: free })
  }
  return worst
}

t.test('what is inside of ffmpeg', async t => {
  t.test('is nothing to speak of while it keeps up, at any rate', async t => {
    for (const every of [16, 50, 200, 500, 10_000]) t.ok(longest({ every, busy: 10 }) < 50, `${every} ms`)
    t.ok(longest({ every: 50, busy: 10, fps: 0.1, thinnedTo: 200, count: 2_000 }) < 50, 'one each ten seconds is shown')
  })
  t.test('is nothing to speak of where it waits for others to put them in order', async t => {
    for (const held of [1, 2, 3, 16]) {
      for (const every of [50, 500, 667, 2_000]) t.ok(longest({ every, busy: 10, held }) < 60, `${held} held back, ${every} ms`)
    }
  })
  t.test('is learnt anew when it begins to put them in order, and waiting for others is not its pace', async t => {
    const unshown = new PipelineDelay(60)
    const give = (at: number, held: number) => {
      unshown.give(at)
      unshown.show(at - held * 500, at + 10)
    }
    for (let i = 0; i < 20; i++) give(i * 500, 0)
    for (let i = 20; i < 80; i++) give(i * 500, 2)
    unshown.give(40_000)
    unshown.give(40_010)
    t.ok(unshown.delay(40_010) < 50, 'two at one time')
  })
  t.test('grows where it does not keep up, also where it holds some back', async t => {
    for (const held of [0, 2]) t.ok(longest({ every: 50, busy: 150, held, count: 60 }) > 1_000, `${held} held back`)
  })
  t.test('is forgotten when nothing more is given', async t => {
    const unshown = new PipelineDelay(20)
    for (const at of [0, 50]) {
      unshown.give(at)
      unshown.show(at, at + 200)
    }
    for (let i = 0; i < 1_000; i++) unshown.give(1_000 + i)
    t.ok(unshown.delay(2_000) > 500)
    t.equal(unshown.delay(60_000), 0)
  })
})
