import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { Feed, type News } from '../../../src/dashboard/cameras/feed.js'
import { StillClock } from '../still-clock.js'

class FakeSource extends EventTarget {
  readonly CLOSED = 2
  readyState = 1
  close () { this.readyState = this.CLOSED }
  say (kind: string, data: unknown) { this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify(data) })) }
  fail (readyState: number) {
    this.readyState = readyState
    this.dispatchEvent(new Event('error'))
  }
}

function feeding () {
  const clock = new StillClock()
  const sources: FakeSource[] = []
  const urls: string[] = []
  const told: string[] = []
  const feed = new Feed((news: News) => told.push(news.kind), (url: string) => {
    urls.push(url)
    sources.push(new FakeSource())
    return sources.at(-1) as unknown as EventSource
  }, clock)
  return { clock, sources, urls, told, feed }
}

t.test('a feed', async t => {
  t.test('tells what comes, from /events beside the page', async t => {
    const { feed, sources, urls, told } = feeding()
    feed.start()
    feed.start()
    for (const kind of ['all', 'camera', 'figures', 'time', 'gone']) sources[0]!.say(kind, {})
    t.same(told, ['all', 'camera', 'figures', 'time'])
    t.equal(urls.length, 1)
    t.equal(urls[0], '../events', 'as a worker in cameras/ finds it')
  })

  t.test('leaves it to the browser to come back, unless it was refused', async t => {
    const { feed, sources, told, clock } = feeding()
    feed.start()
    sources[0]!.fail(0)
    await clock.pass(9_999)
    t.same([told, sources.length], [['lost'], 1])
    sources[0]!.fail(2)
    await clock.pass(4_999)
    t.equal(sources.length, 1)
    await clock.pass(1)
    t.equal(sources.length, 2)
    sources[1]!.fail(2)
    await clock.pass(9_999)
    t.equal(sources.length, 2, 'and waits longer each time')
    feed.start()
    t.equal(sources.length, 3, 'unless it is asked for')
    sources[2]!.say('time', {})
    sources[2]!.fail(2)
    await clock.pass(5_000)
    t.equal(sources.length, 4)
  })

  t.test('takes ten seconds of silence for the end', async t => {
    const { feed, sources, told, clock } = feeding()
    feed.start()
    await clock.pass(9_999)
    sources[0]!.say('time', {})
    await clock.pass(9_999)
    t.same(told, ['time'])
    await clock.pass(1)
    t.same([told, sources[0]!.readyState], [['time', 'lost'], 2])
    await clock.pass(5_000)
    t.equal(sources.length, 2)
  })

  t.test('stops', async t => {
    const { feed, sources, told, clock } = feeding()
    feed.start()
    feed.stop()
    t.equal(sources[0]!.readyState, 2)
    await clock.pass(600_000)
    t.same([told, sources.length], [[], 1])
    feed.start()
    t.equal(sources.length, 2)
  })
})
