import t from 'tap'
import { withTables } from '../../src/jpeg/huffman.js'
import { decodeJpeg } from '../e2e/picture.js'
import type { SplitJpeg } from '../../src/jpeg/splitter.js'
import { JpegSplitter } from '../../src/jpeg/splitter.js'
import { makeJpegs } from '../jpegs.js'

function cut (jpeg: Buffer): SplitJpeg {
  let found: SplitJpeg | undefined
  new JpegSplitter(one => { found = one }).push(jpeg)
  return found!
}

t.test('a JPEG without Huffman tables is given those that it means', async t => {
  const [whole] = makeJpegs(1, '64x48', ['-huffman', 'default']) as [Buffer]
  const at = whole.indexOf(Buffer.from([0xff, 0xc4]))
  const bare = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 2 + whole.readUInt16BE(at + 2))])
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
