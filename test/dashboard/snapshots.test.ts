import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks it, types and all
import { SnapshotTurns } from '../../src/dashboard/snapshots.js'
import { settled, StillClock } from './still-clock.js'

/** A camera's snapshots, as slow or as broken as the test wants. */
function page (limits = {}) {
  const clock = new StillClock()
  const taken: string[] = []
  const flying = new Map<string, { land: () => void, fail: () => void, signal: AbortSignal }>()
  let most = 0
  const turns = new SnapshotTurns((id: string, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
    taken.push(id)
    const end = (how: () => void) => () => { flying.delete(id); how() }
    flying.set(id, { land: end(resolve), fail: end(() => reject(new Error('no picture'))), signal })
    most = Math.max(most, flying.size)
    signal.addEventListener('abort', end(() => reject(signal.reason)))
  }), { everyMs: 200, paceMs: 0, timeoutMs: 4_000, ...limits }, clock)
  const land = async (...ids: string[]) => {
    for (const id of ids) flying.get(id)?.land()
    await settled()
  }
  return { turns, clock, taken, flying, land, most: () => most }
}

t.test('the tiles of a page', async t => {
  t.test('never have more than two requests under way', async t => {
    const { turns, taken, land, most } = page()
    for (const id of ['1', '2', '3', '4', '5']) turns.want(id)
    t.same(taken, ['1', '2'])
    await land('1')
    t.same(taken, ['1', '2', '3'])
    await land('2', '3')
    t.equal(most(), 2)
  })

  t.test('take turns, and a slow one holds up nobody but itself', async t => {
    const { turns, clock, taken, land } = page()
    for (const id of ['slow', 'a', 'b', 'c']) turns.want(id)
    for (let round = 0; round < 4; round++) {
      for (const id of ['a', 'b', 'c']) await land(id)
      await clock.pass(200)
    }
    const times = (id: string) => taken.filter(other => other === id).length
    t.equal(times('slow'), 1)
    for (const id of ['a', 'b', 'c']) t.ok(times(id) >= 4, `${id} had ${times(id)} turns`)
  })

  t.test('ask for one camera no more often than every 200 ms', async t => {
    const { turns, clock, taken, land } = page()
    turns.want('1')
    await land('1')
    await clock.pass(199)
    t.equal(taken.length, 1)
    await clock.pass(1)
    t.equal(taken.length, 2)
  })

  t.test('keep a pace, however many they are', async t => {
    const { turns, clock, taken, land } = page({ paceMs: 40 })
    for (let id = 0; id < 64; id++) turns.want(String(id))
    for (let i = 0; i < 25; i++) {
      await land(...taken)
      await clock.pass(40)
    }
    t.equal(taken.length, 26, 'one at once, and 25 in the second after it')
  })
})

t.test('a request that hangs', async t => {
  t.test('is given up after 4 s, and its camera waits longer for the next turn', async t => {
    const { turns, clock, taken, flying } = page()
    turns.want('1')
    await clock.pass(3_999)
    t.equal(flying.size, 1)
    await clock.pass(1)
    t.equal(flying.size, 0)
    await clock.pass(999)
    t.equal(taken.length, 1)
    await clock.pass(1)
    t.equal(taken.length, 2)
    await clock.pass(4_000 + 1_999)
    t.equal(taken.length, 2, 'the second time it waits 2 s')
  })

  t.test('leaves a slot to the healthy, however many hang', async t => {
    const { turns, clock, taken, flying, land } = page()
    for (const id of ['x', 'y', 'z']) turns.want(id)
    await clock.pass(30_000)
    turns.want('healthy')
    await settled()
    t.ok(flying.has('healthy'))
    t.ok([...flying.keys()].length <= 2)
    for (let i = 0; i < 10; i++) {
      await land('healthy')
      await clock.pass(200)
    }
    t.ok(taken.filter(id => id === 'healthy').length >= 10)
  })

  t.test('makes way for a button, and tries again', async t => {
    const { turns, taken, flying } = page()
    turns.want('1')
    const signal = flying.get('1')?.signal
    turns.makeWay()
    await settled()
    t.same([signal?.aborted, taken], [true, ['1', '1']])
  })

  t.test('is forgiven with the first picture', async t => {
    const { turns, clock, taken, flying, land } = page()
    turns.want('1')
    flying.get('1')?.fail()
    await clock.pass(1_000)
    await land('1')
    await clock.pass(200)
    t.equal(taken.length, 3)
  })
})

t.test('a picture nobody looks at', async t => {
  t.test('is not fetched, and a request for it is aborted', async t => {
    const { turns, clock, taken, flying } = page()
    turns.want('1')
    const signal = flying.get('1')?.signal
    turns.leave('1')
    t.equal(signal?.aborted, true)
    await clock.pass(60_000)
    t.same(taken, ['1'])
  })

  t.test('is fetched again at once when the tab comes back', async t => {
    const { turns, clock, taken, flying } = page()
    turns.want('1')
    turns.pause()
    t.equal(flying.size, 0)
    await clock.pass(60_000)
    t.equal(taken.length, 1)
    turns.resume()
    t.equal(taken.length, 2)
  })
})
