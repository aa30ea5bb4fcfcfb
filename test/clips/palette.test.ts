import t from 'tap'
import { paletteOf } from '../../src/clips/palette.js'

t.test('a palette', async t => {
  t.test('differs between neighbouring cameras, and never changes for one', async t => {
    const ids = Array.from({ length: 64 }, (_, index) => String(index + 1))
    t.equal(new Set(ids.map(id => JSON.stringify(paletteOf(id)))).size, 64)
    t.same(paletteOf('yard'), paletteOf('yard'))
    t.not(paletteOf('yard').deep, paletteOf('gate').deep)
  })
  t.test('is in ffmpeg\'s notation, with a dark background and bright objects', async t => {
    for (const id of ['1', '2', 'x', '999999', '_']) {
      const { dark, deep, soft, warm } = paletteOf(id)
      for (const colour of [dark, deep, soft, warm]) t.match(colour, /^0x[0-9a-f]{6}$/)
      const sum = (colour: string) => Buffer.from(colour.slice(2), 'hex').reduce((total, part) => total + part, 0)
      t.ok(sum(dark) < sum(deep) && sum(deep) < sum(soft) && sum(soft) < sum(warm))
    }
  })
})
