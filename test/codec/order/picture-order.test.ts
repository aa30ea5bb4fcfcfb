import fc from 'fast-check'
import t from 'tap'
import { PictureOrder } from '../../../src/codec/order/picture-order.js'

/** Picture order counts of one group after another, as a stream with this many bits sends them. */
function order (lsbBits: number, ...groups: ReadonlyArray<readonly number[]>) {
  const pictures = new PictureOrder(lsbBits)
  return groups.map(group => group.map((count, index) =>
    pictures.isNext({ lsb: count & (2 ** lsbBits - 1), isIdr: index === 0, isReference: true }, index === 0)))
}

t.test('pictures are in order', async t => {
  t.test('if their counts rise, across the wrap of the coded bits', async t => {
    t.same(order(4, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 32 - 8, 32]), [Array(12).fill(true)])
  })
  t.test('if each group begins anew', async t => {
    t.same(order(8, [0, 2, 4], [0, 2], [0]), [[true, true, true], [true, true], [true]])
  })
  t.test('if both fields of a picture have the same count', async t => {
    t.same(order(8, [0, 0, 2, 2]), [[true, true, true, true]])
  })
})

t.test('pictures are not in order if one is shown before another that came first', async t => {
  t.same(order(8, [0, 6, 2, 4, 12, 8]), [[true, true, false, false, true, false]])
  t.same(order(4, [0, 8, 16, 12, 20, 18]), [[true, true, true, false, true, false]], 'at the wrap too')
})

t.test('without a key picture there is nothing to count from', async t => {
  const pictures = new PictureOrder(8)
  const picture = (lsb: number, isKey = false) => pictures.isNext({ lsb, isIdr: false, isReference: true }, isKey)
  t.equal(picture(4), undefined)
  t.equal(picture(100, true), true, 'an intra picture will do')
  t.equal(picture(96), false, 'that of an open group')
  t.equal(pictures.lose(), true)
  t.equal(pictures.lose(), false)
  t.equal(picture(10), undefined)
})

t.test('the order is found whatever the number of bits', async () => {
  const group = fc.array(fc.integer({ min: -3, max: 7 }), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(fc.integer({ min: 4, max: 16 }), group, (bits, steps) => {
    let count = 0
    const counts = [0, ...steps.map(step => { count += step; return count })]
    const expected = counts.map((count, at) => count >= Math.max(...counts.slice(0, at + 1)))
    const [found] = order(bits, counts)
    if (found!.join() !== expected.join()) throw new Error(`${found!.join()} instead of ${expected.join()}`)
  }))
})
