import t from 'tap'
import { PictureMeter } from '../../src/probe/picture-meter.js'

/** Pictures at these times, by the clock and by the camera, in milliseconds. */
function measured (times: ReadonlyArray<readonly [at: number, shown: number | undefined]>, clockRate: number | undefined = 90_000, keyEvery = 5) {
  const meter = new PictureMeter(clockRate)
  for (const [index, [at, shown]] of times.entries()) meter.note({ at, rtpTime: shown === undefined ? undefined : ((shown + 47_721_858) * 90) >>> 0, key: index % keyEvery === 0 })
  return meter
}
const each = (count: number, ms: number) => Array.from({ length: count }, (_, index) => index * ms)

t.test('a meter of pictures', async t => {
  t.test('measures by the timestamps of the camera, which wrap', async t => {
    const { fps, keyIntervalMs, pictures } = measured(each(21, 100).map(at => [at, at]))
    t.match({ fps: Math.round(fps!), keyIntervalMs, pictures }, { fps: 10, keyIntervalMs: 500, pictures: 21 })
  })
  t.test('is not deceived by a burst of older pictures at the beginning', async t => {
    const { fps } = measured([...each(10, 50).map(shown => [0, shown] as const), ...each(20, 50).map(at => [at, at + 500] as const)])
    t.equal(Math.round(fps!), 20)
  })
  t.test('understands pictures that arrive in another order than they are shown', async t => {
    t.equal(Math.round(measured([[0, 0], [100, 300], [200, 100], [300, 200], [400, 600], [500, 400], [600, 500]]).fps!), 10)
  })
  t.test('measures by the clock if the timestamps stand still or run away', async t => {
    t.equal(measured(each(11, 100).map(at => [at, 0])).fps, 10)
    t.equal(measured(each(11, 100).map(at => [at, at * 1_000])).fps, 10)
  })
  t.test('measures by the clock without timestamps', async t => {
    t.equal(measured(each(11, 100).map(at => [at, undefined]), undefined).fps, 10)
  })
  t.test('knows nothing from one picture', async t => {
    t.match(measured([[0, 0]]), { fps: undefined, keyIntervalMs: undefined })
  })
})
