import t from 'tap'
import { readJpeg, splitJpegs } from '../../src/jpeg/baseline.js'
import { makeJpegs } from '../jpegs.js'

const plain = ['-huffman', 'default', '-pix_fmt', 'yuvj420p']
const [sample] = makeJpegs(1, '64x48', plain) as [Buffer]
const refused = (why: RegExp) => ({ code: 'BAD_JPEG', message: why })

t.test('a baseline JPEG', async t => {
  t.test('yields what RFC 2435 needs', async t => {
    const { scan, quantization, size, ...rest } = readJpeg(sample)
    t.same(rest, { width: 64, height: 48, type: 1, restartInterval: 0 })
    t.equal(size, sample.length)
    t.same(quantization.map(table => table.length), [64, 64])
    t.same(sample.subarray(size - 2 - scan.length), Buffer.concat([scan, Buffer.from([0xff, 0xd9])]))
    t.same(sample.subarray(sample.indexOf('ffda', 0, 'hex') + 14, -2), scan)
  })
  t.test('may have restart markers', async t => {
    const [jpeg] = makeJpegs(1, '64x48', [...plain, '-threads', '3', '-thread_type', 'slice']) as [Buffer]
    t.match(readJpeg(jpeg), { restartInterval: 4, size: jpeg.length })
  })
  t.test('may follow another one', async t => {
    const jpegs = makeJpegs(3, '64x48', plain)
    t.same(splitJpegs(Buffer.concat(jpegs)).map(({ size }) => size), jpegs.map(({ length }) => length))
  })
})

t.test('a JPEG is rejected, with the reason,', async t => {
  t.test('when it is truncated anywhere', async t => {
    for (let end = 0; end < sample.length; end += 7) t.throws(() => readJpeg(sample.subarray(0, end)), { code: 'BAD_JPEG' })
  })
  t.test('when its Huffman tables are not the standard ones', async t => {
    const [jpeg] = makeJpegs(1, '64x48', ['-huffman', 'optimal', '-pix_fmt', 'yuvj420p']) as [Buffer]
    t.throws(() => readJpeg(jpeg), refused(/Huffman/))
  })
  t.test('when RFC 2435 has no number for its sampling, size or kind', async t => {
    const [full] = makeJpegs(1, '64x48', ['-huffman', 'default', '-pix_fmt', 'yuvj444p']) as [Buffer]
    t.throws(() => readJpeg(full), refused(/sampling/))
    const [odd] = makeJpegs(1, '60x48', plain) as [Buffer]
    t.throws(() => readJpeg(odd), refused(/60x48/))
    const progressive = Buffer.from(sample)
    progressive[sample.indexOf('ffc0', 0, 'hex') + 1] = 0xc2
    t.throws(() => readJpeg(progressive), refused(/baseline/))
    t.throws(() => splitJpegs(Buffer.concat([sample, Buffer.from('junk')])), refused(/SOI/))
  })
})
