import t from 'tap'
import { fit } from '../../bench/sizing/fit.js'

const exact = (values: readonly number[]) => values.map(median => ({ median, spread: 0 }))
const rows = [[15, 0.8], [15, 2], [15, 4], [25, 4]].map(([pictures, megabits]) => ({ pictures: pictures!, megabits: megabits! }))

t.test('finds the factors that the values were made of', t => {
  const { pictures, megabits } = fit(rows, exact(rows.map(row => 0.05 * row.pictures + 0.4 * row.megabits)))
  t.ok(Math.abs(pictures - 0.05) < 1e-9 && Math.abs(megabits - 0.4) < 1e-9, `${pictures} ${megabits}`)
  t.end()
})

t.test('gives no factor below zero, and the best without it', t => {
  const { pictures, megabits } = fit(rows, exact(rows.map(row => row.megabits - 0.01 * row.pictures)))
  t.equal(pictures, 0)
  t.ok(megabits > 0.8 && megabits < 1, String(megabits))
  t.end()
})

t.test('gives large values no more weight than small ones', t => {
  const found = fit([{ each: 1 }, { each: 10 }], exact([2, 10]))
  t.ok(Math.abs(found.each - 1.2) < 0.01, 'between 1 and 2, and not at 1')
  t.end()
})

t.test('believes a value as far as its windows agree', t => {
  const { each } = fit([{ each: 1 }, { each: 2 }, { each: 3 }], [{ median: 1, spread: 0.1 }, { median: 1, spread: 2 }, { median: -1, spread: 5 }])
  t.ok(each > 0.95 && each < 1, String(each))
  t.end()
})

t.test('chooses one of two columns that cannot be told apart', t => {
  const { a, b } = fit([{ a: 1, b: 2 }, { a: 2, b: 4 }], exact([1, 2]))
  t.ok(Math.abs(a + 2 * b - 1) < 1e-9, `${a} ${b}`)
  t.end()
})
