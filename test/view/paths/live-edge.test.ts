import t from 'tap'
import { chase, durationOf, targetOf } from '../../../src/view/paths/mse/live-edge.js'

t.test('the live edge of a video element', async t => {
  t.test('is kept by its rate, and left alone near the target', async t => {
    const interval = 50
    const target = targetOf(interval)
    t.same([-80, -11, -9, 0, 9, 11, 900].map(excess => chase({ ahead: target + excess, interval })), [0.9, 0.9, 1, 1, 1, 1.1, 1.1])
  })
  t.test('is jumped to from more than a second away', async t => {
    t.equal(chase({ ahead: 1_100, interval: 40 }), 'jump')
    t.equal(chase({ ahead: 1_100, interval: 200 }), 1.1, 'a picture of a slow camera lasts longer')
  })

  t.test('is reached within a second after a group of 80 pictures, and then held', async t => {
    const { ahead } = play({ interval: 50, arrivals: [...new Array(80).fill(0), ...steady(100, 50)] })
    t.ok(Math.max(...ahead.slice(100)) < targetOf(50) + 20, `${Math.max(...ahead.slice(100))} ms`)
  })
  t.test('is reached again after a hitch of 600 ms', async t => {
    const { ahead, dry } = play({ interval: 50, arrivals: [...steady(40, 50), ...new Array(13).fill(40 * 50 + 600), ...steady(100, 50, 2_650)] })
    t.ok(Math.max(...ahead.slice(75)) < targetOf(50) + 20, `${Math.max(...ahead.slice(75))} ms`)
    t.ok(dry <= 2, `${dry} times without a picture`)
  })
  for (const fps of [5, 15, 25, 60]) {
    t.test(`has a reserve for small delays at ${fps} pictures a second`, async t => {
      const interval = 1000 / fps
      const arrivals = steady(200, interval).map((at, index) => at + (index * 7) % 16)
      const { ahead, dry } = play({ interval, arrivals })
      t.ok(dry <= 2, `${dry} times without a picture`)
      t.ok(Math.max(...ahead.slice(100)) < targetOf(interval) + 30)
    })
  }
})

const steady = (count: number, interval: number, from = 0) => Array.from({ length: count }, (_, index) => from + index * interval)

/** A video element that obeys: what is ahead after each picture, and how often the film had run out when one came. */
function play ({ interval, arrivals }: { interval: number, arrivals: readonly number[] }): { ahead: number[], dry: number } {
  let [now, shown, end, rate, dry] = [0, 0, 0, 1, 0]
  const ahead = arrivals.map(at => {
    if (at > now && shown + (at - now) * rate > end && now > 0) dry++
    shown = Math.min(end, shown + (at - now) * rate)
    now = at
    end += durationOf({ ahead: end - shown, interval })
    const move = chase({ ahead: end - shown, interval })
    if (move === 'jump') shown = end - targetOf(interval)
    else rate = move
    return end - shown
  })
  return { ahead, dry }
}
