import fc from 'fast-check'
import t from 'tap'
import { Hub } from '../../src/frames/hub.js'
import { NextKeyPicture } from '../../src/coded/next-key-picture.js'
import type { PublishedPicture } from '../../src/coded/published-picture.js'
import { FakeClock } from '../fake-clock.js'
import { published } from './pictures.js'

const ALMOST_A_MEGABYTE = Buffer.alloc(1024 * 1024 - 512)

/** Offers pictures, numbered from 1: K is a key picture, p is another one, a dot is one that is never offered, < takes one, x calls clear(). */
function play (script: string) {
  const policy = new NextKeyPicture<PublishedPicture>()
  const taken: number[] = []
  let [seq, missed, dropped] = [0, 0, 0]
  const take = () => {
    const next = policy.take()
    if (next) taken.push(next.seq)
    return next
  }
  for (const sign of script) {
    if (sign === '<') take()
    else if (sign === 'x') dropped += policy.clear()
    else if (++seq && sign === '.') missed++
    else {
      dropped += policy.offer(published(seq, { key: sign === 'K' }), missed)
      missed = 0
    }
  }
  return { taken, dropped, rest () { while (take()); return { taken, dropped } } }
}

t.test('a policy that skips to the next key picture', async t => {
  t.test('passes every picture on, in order, to a receiver that keeps up', async t => {
    t.same(play('K<p<p<K<p<').rest(), { taken: [1, 2, 3, 4, 5], dropped: 0 })
  })
  t.test('keeps the waiting pictures of a group for a receiver that was briefly busy', async t => {
    t.same(play('K<ppp<<<p').rest(), { taken: [1, 2, 3, 4, 5], dropped: 0 })
  })
  t.test('begins with a key picture, and counts nothing before it', async t => {
    t.same(play('pp.pK<p').rest(), { taken: [5, 6], dropped: 0 })
  })
  t.test('drops waiting pictures when a new key picture arrives', async t => {
    t.same(play('K<pppKp').rest(), { taken: [1, 5, 6], dropped: 3 })
    t.same(play('KKK').rest(), { taken: [3], dropped: 2 }, 'if every picture is a key picture, the latest remains')
  })
  t.test('skips up to the next key picture after a gap', async t => {
    t.same(play('K<p<..ppK<p').rest(), { taken: [1, 2, 7, 8], dropped: 4 })
    t.same(play('K<p<.pK').rest(), { taken: [1, 2, 5], dropped: 2 })
  })
  t.test('skips up to the next key picture after the camera was gone', async t => {
    t.same(play('K<ppxppK').rest(), { taken: [1, 6], dropped: 4 })
  })
  t.test('skips up to the next key picture when 8 MB wait', async t => {
    const policy = new NextKeyPicture<PublishedPicture>()
    const dropped = (seq: number, key = false) => policy.offer(published(seq, { key, bytes: ALMOST_A_MEGABYTE }), 0)
    t.equal(dropped(1, true), 0)
    for (let seq = 2; seq <= 8; seq++) t.equal(dropped(seq), 0)
    t.equal(dropped(9), 9, 'all that waited, and this one')
    t.equal(dropped(10), 1)
    t.equal(policy.take(), undefined)
    t.equal(dropped(11, true), 0)
    t.equal(policy.take()?.seq, 11)
    for (let seq = 12; seq < 100; seq++) {
      t.equal(dropped(seq), 0)
      t.equal(policy.take()?.seq, seq, 'sent pictures do not count')
    }
  })
  t.test('skips up to the next key picture when pictures of 12 seconds wait', async t => {
    const policy = new NextKeyPicture<PublishedPicture>()
    const dropped = (seq: number, at: number, key = false) => policy.offer(published(seq, { key, at }), 0)
    t.same([dropped(1, 0, true), dropped(2, 6_000), dropped(3, 12_000), dropped(4, 12_040), dropped(5, 12_080)], [0, 0, 0, 4, 1])
    t.equal(policy.take(), undefined)
    t.equal(dropped(6, 20_000, true), 0)
    for (let seq = 7; seq < 50; seq++) {
      t.equal(policy.take()?.seq, seq - 1)
      t.equal(dropped(seq, seq * 10_000), 0, 'only what waits counts')
    }
  })
  t.test('gives every picture either to the receiver or to the count, and none that lacks the one before it', async () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('K', 'p', 'p', 'p', '.', '<', '<', 'x')).map(signs => 'K' + signs.join('') + 'K'), script => {
      const { taken, dropped } = play(script).rest()
      const pictures = script.replace(/[<x]/g, '')
      const decodable = taken.every((seq, i) => pictures[seq - 1] === 'K' || taken[i - 1] === seq - 1)
      return decodable && taken.length + dropped === pictures.length
    }))
  })
  t.test('is a parameter of a hub\'s subscribers', async t => {
    const hub = new Hub<PublishedPicture>(new FakeClock())
    const seen: Record<string, number[]> = { decoder: [], viewer: [] }
    const finish: Array<() => void> = []
    const sink = (name: string) => ({ write ({ seq }: PublishedPicture, done: () => void) { seen[name]!.push(seq); finish.push(done) }, end () {} })
    const decoder = hub.subscribe(sink('decoder'), { policy: new NextKeyPicture<PublishedPicture>() })
    const viewer = hub.subscribe(sink('viewer'))
    for (const [i, sign] of [...'KppKp'].entries()) hub.publish(published(i + 1, { key: sign === 'K' }))
    while (finish.length > 0) finish.shift()!()
    t.same(seen, { decoder: [1, 4, 5], viewer: [1, 5] })
    t.same([decoder.dropped, viewer.dropped, hub.dropped], [2, 3, 5])
  })
})
