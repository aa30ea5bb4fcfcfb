import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { History } from '../../../src/dashboard/enlarged/history.js'
// @ts-ignore
import { inWords, plotted } from '../../../src/dashboard/enlarged/plot.js'

const MINUTE = 60_000

t.test('a camera\'s history', async t => {
  t.test('has a sample every two seconds, of the last ten minutes, of the cameras that there are', async t => {
    const history = new History()
    for (let at = 0; at <= 12 * MINUTE; at += 500) history.add(at, new Map([['1', at === 12 * MINUTE ? null : 20], ...at < MINUTE ? [['2', 5] as [string, number]] : []]))
    const samples = history.of('1')
    t.equal(samples.length, 301)
    t.same([samples[0], samples.at(-1)], [{ at: 2 * MINUTE, fps: 20 }, { at: 12 * MINUTE, fps: null }])
    t.same(history.of('2'), [])
  })

  t.test('is plotted from right to left, with gaps where nothing is known', async t => {
    const now = 10 * MINUTE
    t.same(plotted([{ at: 0, fps: 0 }, { at: 5_000, fps: 20 }, { at: 5 * MINUTE, fps: 10 }, { at: now, fps: 30 }], now, 20),
      { path: 'M0 79L5 1M300 40M600 1', gone: [] }, 'the page was hidden for nearly five minutes, twice')
    t.same(plotted([{ at: now - 6_000, fps: null }, { at: now - 4_000, fps: null }, { at: now - 2_000, fps: 5 }], now, 10),
      { path: 'M598 40', gone: [{ x: 594, width: 2 }, { x: 596, width: 2 }] })
    t.same(plotted([{ at: 0, fps: null }, { at: 5 * MINUTE, fps: null }], 5 * MINUTE, 10).gone, [{ x: 300, width: 10 }, { x: 600, width: 0 }])
    t.same(plotted([], now, 1), { path: '', gone: [] })
  })

  t.test('is told in words', async t => {
    t.equal(inWords([{ at: 0, fps: 4.6 }, { at: 30_000, fps: null }, { at: 60_000, fps: 20 }], 2 * MINUTE), 'Now 20; between 5 and 20 in the last 2 min. No picture for 40 s of it.')
    t.equal(inWords([{ at: 0, fps: 5 }], MINUTE), 'Now 5; between 5 and 5 in the last 1 min.')
    t.equal(inWords([], 0), 'Nothing is known yet.')
    t.equal(inWords([{ at: 0, fps: null }], 10), 'Nothing is known yet.')
  })
})
