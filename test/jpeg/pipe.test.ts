import t from 'tap'
import { jpegPipe } from '../../src/jpeg/pipe.js'
import type { SplitJpeg } from '../../src/jpeg/splitter.js'
import { makeJpegs, withoutTables } from '../jpegs.js'

const [jpeg] = makeJpegs(1, '64x48', ['-huffman', 'default']) as [Buffer]

function pipe (onJpeg = (_jpeg: SplitJpeg) => {}) {
  const seen = { jpegs: [] as Buffer[], errors: [] as Error[] }
  const push = jpegPipe({
    onJpeg (each) {
      seen.jpegs.push(Buffer.concat(each.pieces, each.length))
      onJpeg(each)
    },
    onBroken: error => { seen.errors.push(error) }
  })
  return { push, seen }
}

t.test('a pipe of JPEGs', async t => {
  t.test('emits whole ones, with their Huffman tables, wherever the bytes are cut', async t => {
    const { push, seen } = pipe()
    const bytes = Buffer.concat([jpeg, withoutTables(jpeg)])
    for (const byte of bytes) push(Buffer.from([byte]))
    t.equal(seen.jpegs.length, 2)
    t.same(seen.jpegs[0], jpeg)
    t.equal(seen.jpegs[1]!.length, jpeg.length)
    t.ok(seen.jpegs[1]!.includes(Buffer.from([0xff, 0xc4])))
    t.same(seen.errors, [])
  })
  t.test('breaks once on a picture without an end, and emits nothing after it', async t => {
    const { push, seen } = pipe()
    push(jpeg.subarray(0, -2))
    for (let i = 0; i < 9; i++) push(Buffer.alloc(1024 * 1024))
    push(jpeg)
    t.match(seen.errors, [{ code: 'FRAME_TOO_LARGE' }])
    t.equal(seen.errors.length, 1)
    t.same(seen.jpegs, [])
  })
  t.test('breaks on a listener that throws', async t => {
    const { push, seen } = pipe(() => { throw new TypeError('x is not a function') })
    push(jpeg)
    push(jpeg)
    t.match(seen.errors, [{ message: 'x is not a function' }])
    t.equal(seen.jpegs.length, 1)
  })
})
