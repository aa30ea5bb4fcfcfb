import t from 'tap'
import { withTables } from '../../src/jpeg/huffman.js'
import { decodeJpeg } from '../e2e/picture.js'
import { makeJpegs, whole as cut, withoutTables } from '../jpegs.js'

t.test('a JPEG without Huffman tables gets the standard ones', async t => {
  const [whole] = makeJpegs(1, '64x48', ['-huffman', 'default']) as [Buffer]
  const bare = withoutTables(whole)
  t.match(cut(bare), { bare: true })
  const mended = withTables(cut(bare))
  const bytes = Buffer.concat(mended.pieces)
  t.equal(bytes.length, mended.length)
  t.equal(mended.length, whole.length)
  t.match(cut(bytes), { bare: undefined, width: 64, height: 48 })
  t.same(decodeJpeg(bytes), decodeJpeg(whole))
  const untouched = cut(whole)
  t.equal(withTables(untouched), untouched)
})
