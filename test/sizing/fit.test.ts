import t from 'tap'
import { fit } from '../../bench/sizing/fit.js'

const rows = [[15, 0.8], [15, 2], [15, 4], [25, 4]].map(([pictures, megabits]) => ({ pictures: pictures!, megabits: megabits! }))

t.test('finds the factors that the values were made of', t => {
  const { pictures, megabits } = fit(rows, rows.map(row => 0.05 * row.pictures + 0.4 * row.megabits))
  t.ok(Math.abs(pictures - 0.05) < 1e-9 && Math.abs(megabits - 0.4) < 1e-9, `${pictures} ${megabits}`)
  t.end()
})

t.test('gives no factor below zero, and the best without it', t => {
  const { pictures, megabits } = fit(rows, rows.map(row => row.megabits - 0.01 * row.pictures))
  t.equal(pictures, 0)
  t.ok(megabits > 0.8 && megabits < 1, String(megabits))
  t.end()
})

t.test('gives large values no more weight than small ones', t => {
  const found = fit([{ each: 1 }, { each: 10 }], [2, 10])
  t.ok(Math.abs(found.each - 1.2) < 0.01, 'between 1 and 2, and not at 1')
  t.end()
})

t.test('chooses one of two columns that cannot be told apart', t => {
  const { a, b } = fit([{ a: 1, b: 2 }, { a: 2, b: 4 }], [1, 2])
  t.ok(Math.abs(a + 2 * b - 1) < 1e-9, `${a} ${b}`)
  t.end()
})
