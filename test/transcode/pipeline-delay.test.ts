import t from 'tap'
import { PipelineDelay } from '../../src/transcode/pipeline-delay.js'

/**
 * Writes a picture to ffmpeg every `every` milliseconds. ffmpeg is busy for `busy` milliseconds with each picture that it shows, and shows one after
 * `held` more were written. Returns the longest expected delay after the first pictures, from which it learns.
 */
function longest ({ every, busy, held = 0, fps = 60, thinnedTo = 1, count = 200 }: { every: number, busy: number, held?: number, fps?: number, thinnedTo?: number, count?: number }): number {
  const delay = new PipelineDelay(fps)
  const out: Array<{ written: number, at: number }> = []
  let worst = 0
  let free = 0
  for (let i = 0; i < count; i++) {
    const now = i * every
    while (out[0] && out[0].at <= now) {
      const { written, at } = out.shift()!
      delay.show(written, at)
    }
    if (i > 20) worst = Math.max(worst, delay.delay(now))
    delay.write(now)
    if (i < held || i % thinnedTo > 0) continue
    free = Math.max(free, now) + busy
    out.push({ written: (i - held) * every, at: free })
  }
  return worst
}

t.test('the delay inside ffmpeg', async t => {
  t.test('is negligible while it keeps up, at any rate', async t => {
    for (const every of [16, 50, 200, 500, 10_000]) t.ok(longest({ every, busy: 10 }) < 50, `${every} ms`)
    t.ok(longest({ every: 50, busy: 10, fps: 0.1, thinnedTo: 200, count: 2_000 }) < 50, 'one per ten seconds is shown')
  })
  t.test('is negligible if it waits for others to reorder them', async t => {
    for (const held of [1, 2, 3, 16]) {
      for (const every of [50, 500, 667, 2_000]) t.ok(longest({ every, busy: 10, held }) < 60, `${held} held back, ${every} ms`)
    }
  })
  t.test('is learned again when it begins to reorder, and waiting for others is not its pace', async t => {
    const delay = new PipelineDelay(60)
    const writeAndShow = (at: number, held: number) => {
      delay.write(at)
      delay.show(at - held * 500, at + 10)
    }
    for (let i = 0; i < 20; i++) writeAndShow(i * 500, 0)
    for (let i = 20; i < 80; i++) writeAndShow(i * 500, 2)
    delay.write(40_000)
    delay.write(40_010)
    t.ok(delay.delay(40_010) < 50, 'two at once')
  })
  t.test('grows if it does not keep up, even if it holds some back', async t => {
    for (const held of [0, 2]) t.ok(longest({ every: 50, busy: 150, held, count: 60 }) > 1_000, `${held} held back`)
  })
  t.test('is forgotten when nothing more is written', async t => {
    const delay = new PipelineDelay(20)
    for (const at of [0, 50]) {
      delay.write(at)
      delay.show(at, at + 200)
    }
    for (let i = 0; i < 1_000; i++) delay.write(1_000 + i)
    t.ok(delay.delay(2_000) > 500)
    t.equal(delay.delay(60_000), 0)
  })
  t.test('has a pace that a single hitch does not change, and that counts pictures which are not shown', async t => {
    const delay = new PipelineDelay(20)
    const writeAndShow = (at: number, ms: number) => {
      delay.write(at)
      delay.show(at, at + ms)
    }
    for (const at of [0, 50, 100]) writeAndShow(at, 4)
    writeAndShow(150, 700)
    t.equal(delay.steadyMsPerPicture, 4)
    for (let at = 200; at <= 850; at += 50) delay.write(at)
    delay.show(850, 878)
    t.equal(delay.steadyMsPerPicture, 3, '28 ms for 14 pictures')
    for (const at of [900, 1_100]) writeAndShow(at, 150)
    t.ok(delay.steadyMsPerPicture > 70, `${delay.steadyMsPerPicture}`)
  })
})
