import t from 'tap'
import { gridFor } from '../../../src/view/elements/wall-layout.js'

t.test('a wall', async t => {
  const screen = { width: 1_920, height: 1_080 }
  for (const [count, columns, rows] of [[1, 1, 1], [2, 2, 1], [4, 2, 2], [5, 3, 2], [9, 3, 3], [16, 4, 4], [36, 6, 6], [64, 8, 8]] as const) {
    t.same(gridFor(count, screen, 16 / 9), { columns, rows }, `${count}`)
  }
  t.same(gridFor(3, { width: 400, height: 900 }, 16 / 9), { columns: 1, rows: 3 }, 'on a phone')
  t.same(gridFor(3, { width: 0, height: 0 }, 16 / 9), { columns: 1, rows: 3 }, 'before it has a size')
  for (let count = 1; count <= 64; count++) {
    const { columns, rows } = gridFor(count, screen, 16 / 9)
    t.ok(columns * rows >= count && columns * (rows - 1) < count, `${count} tiles have a place, and no row is empty`)
  }
})
