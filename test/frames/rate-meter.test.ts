import t from 'tap'
import { RateMeter } from '../../src/frames/rate-meter.js'

t.test('a rate', async t => {
  const counted = (interval: number, until: number) => {
    const meter = new RateMeter()
    for (let at = 0; at <= until; at += interval) meter.count(at)
    return meter
  }
  t.test('is that of the last five seconds', async t => {
    t.equal(counted(50, 20_000).fps(20_000), 20)
    t.equal(counted(5_000, 20_000).fps(20_000), 0.2)
  })
  t.test('is known before five seconds have passed', async t => {
    t.equal(counted(50, 2_000).fps(2_000), 20)
    t.equal(counted(50, 0).fps(10), 1)
  })
  t.test('falls to 0 when no frames arrive', async t => {
    const meter = counted(50, 10_000)
    t.equal(meter.fps(12_500), 10)
    t.equal(meter.fps(15_000), 0)
  })
})
