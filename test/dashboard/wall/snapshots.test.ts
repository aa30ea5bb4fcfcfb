import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { SnapshotQueue } from '../../../src/dashboard/wall/snapshots.js'
import { settled, StillClock } from '../still-clock.js'

/** Snapshots that are as slow or broken as the test wants. */
function page (limits = {}) {
  const clock = new StillClock()
  const taken: string[] = []
  const inFlight = new Map<string, { land: () => void, fail: () => void, signal: AbortSignal }>()
  let most = 0
  const snapshots = new SnapshotQueue((id: string, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
    taken.push(id)
    const end = (how: () => void) => () => { inFlight.delete(id); how() }
    inFlight.set(id, { land: end(resolve), fail: end(() => reject(new Error('no picture'))), signal })
    most = Math.max(most, inFlight.size)
    signal.addEventListener('abort', end(() => reject(signal.reason)))
  }), { everyMs: 200, paceMs: 0, timeoutMs: 4_000, ...limits }, clock)
  const land = async (...ids: string[]) => {
    for (const id of ids) inFlight.get(id)?.land()
    await settled()
  }
  return { snapshots, clock, taken, inFlight, land, most: () => most }
}

t.test('the tiles of a page', async t => {
  t.test('never have more than two requests in flight', async t => {
    const { snapshots, taken, land, most } = page()
    for (const id of ['1', '2', '3', '4', '5']) snapshots.add(id)
    t.same(taken, ['1', '2'])
    await land('1')
    t.same(taken, ['1', '2', '3'])
    await land('2', '3')
    t.equal(most(), 2)
  })

  t.test('take snapshots, and a slow one delays only itself', async t => {
    const { snapshots, clock, taken, land } = page()
    for (const id of ['slow', 'a', 'b', 'c']) snapshots.add(id)
    for (let round = 0; round < 4; round++) {
      for (const id of ['a', 'b', 'c']) await land(id)
      await clock.pass(200)
    }
    const times = (id: string) => taken.filter(other => other === id).length
    t.equal(times('slow'), 1)
    for (const id of ['a', 'b', 'c']) t.ok(times(id) >= 4, `${id} had ${times(id)} snapshots`)
  })

  t.test('ask for one camera no more often than every 200 ms', async t => {
    const { snapshots, clock, taken, land } = page()
    snapshots.add('1')
    await land('1')
    await clock.pass(199)
    t.equal(taken.length, 1)
    await clock.pass(1)
    t.equal(taken.length, 2)
  })

  t.test('keep a pace, however many there are', async t => {
    const { snapshots, clock, taken, land } = page({ paceMs: 40 })
    for (let id = 0; id < 64; id++) snapshots.add(String(id))
    for (let i = 0; i < 25; i++) {
      await land(...taken)
      await clock.pass(40)
    }
    t.equal(taken.length, 26, 'one at once, and 25 in the second after it')
  })
})

t.test('a request that hangs', async t => {
  t.test('times out after 4 s, and its camera waits longer for the next one', async t => {
    const { snapshots, clock, taken, inFlight } = page()
    snapshots.add('1')
    await clock.pass(3_999)
    t.equal(inFlight.size, 1)
    await clock.pass(1)
    t.equal(inFlight.size, 0)
    await clock.pass(999)
    t.equal(taken.length, 1)
    await clock.pass(1)
    t.equal(taken.length, 2)
    await clock.pass(4_000 + 1_999)
    t.equal(taken.length, 2, 'the second time it waits 2 s')
  })

  t.test('leaves a slot to healthy cameras, however many hang', async t => {
    const { snapshots, clock, taken, inFlight, land } = page()
    for (const id of ['x', 'y', 'z']) snapshots.add(id)
    await clock.pass(30_000)
    snapshots.add('healthy')
    await settled()
    t.ok(inFlight.has('healthy'))
    t.ok([...inFlight.keys()].length <= 2)
    for (let i = 0; i < 10; i++) {
      await land('healthy')
      await clock.pass(200)
    }
    t.ok(taken.filter(id => id === 'healthy').length >= 10)
  })

  t.test('is aborted for a button, and tried again', async t => {
    const { snapshots, taken, inFlight } = page()
    snapshots.add('1')
    const signal = inFlight.get('1')?.signal
    snapshots.interrupt()
    await settled()
    t.same([signal?.aborted, taken], [true, ['1', '1']])
  })

  t.test('no longer counts after the first picture', async t => {
    const { snapshots, clock, taken, inFlight, land } = page()
    snapshots.add('1')
    inFlight.get('1')?.fail()
    await clock.pass(1_000)
    await land('1')
    await clock.pass(200)
    t.equal(taken.length, 3)
  })
})

t.test('a picture that is not shown', async t => {
  t.test('is not fetched, and a request for it is aborted', async t => {
    const { snapshots, clock, taken, inFlight } = page()
    snapshots.add('1')
    const signal = inFlight.get('1')?.signal
    snapshots.remove('1')
    t.equal(signal?.aborted, true)
    await clock.pass(60_000)
    t.same(taken, ['1'])
  })

  t.test('is fetched again at once when the tab comes back', async t => {
    const { snapshots, clock, taken, inFlight } = page()
    snapshots.add('1')
    snapshots.pause()
    t.equal(inFlight.size, 0)
    await clock.pass(60_000)
    t.equal(taken.length, 1)
    snapshots.resume()
    t.equal(taken.length, 2)
  })
})
