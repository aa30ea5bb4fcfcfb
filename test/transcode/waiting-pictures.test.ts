import t from 'tap'
import { WaitingPictures } from '../../src/transcode/waiting-pictures.js'

/** Pictures of 100 bytes, which wait since 0, 50, 100 … ms. A "K" is a key picture. */
function waiting (pictures: string) {
  const waiting = new WaitingPictures()
  for (const [index, sign] of [...pictures].entries()) waiting.push({ key: sign === 'K', damaged: false, at: index, bytes: Buffer.alloc(100) }, 50 * index)
  return waiting
}

t.test('waiting pictures', async t => {
  t.test('leave in order', async t => {
    const pictures = waiting('Koo')
    t.same([pictures.length, pictures.bytes, pictures.waitMs(70)], [3, 300, 70])
    t.match(pictures.shift(), { since: 0, picture: { at: 0 } })
    t.same([pictures.length, pictures.bytes, pictures.waitMs(70)], [2, 200, 20])
    pictures.shift()
    pictures.shift()
    t.same([pictures.shift(), pictures.length, pictures.bytes, pictures.waitMs(70)], [undefined, 0, 0, 0])
  })
  t.test('are dropped up to the newest key picture that is not late, or all', async t => {
    const some = waiting('KooKoo')
    t.equal(some.skip(200, 300), 3)
    t.match(some.shift(), { picture: { key: true, at: 3 } })
    t.equal(some.bytes, 200)
    const all = waiting('KooKoo')
    t.equal(all.skip(100, 300), 6)
    t.same([all.length, all.bytes], [0, 0])
  })
  t.test('are dropped if a newer one replaces them all', async t => {
    const pictures = waiting('KooKoo')
    t.same([pictures.clear(), pictures.length, pictures.bytes, pictures.waitMs(300)], [6, 0, 0, 0])
    t.equal(pictures.clear(), 0)
  })
})
