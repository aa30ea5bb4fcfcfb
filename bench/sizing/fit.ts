/** A value, and how far it may be off. */
export interface Value { readonly median: number, readonly spread: number }

/** Of the value: no measurement is more exact, whatever its windows say. */
const MIN_SPREAD = 0.05

/**
 * The factors, none below zero, with which the columns of each row add up to its value. Least squares, in which an exact value counts more than a
 * noisy one, and a small one as much as a large one. Tries every set of columns: there are few.
 */
export function fit<Column extends string> (rows: ReadonlyArray<Readonly<Record<Column, number>>>, values: readonly Value[]): Record<Column, number> {
  const columns = Object.keys(rows[0]!) as Column[]
  if (!values.every(({ median }) => Number.isFinite(median))) throw new Error('the machine was too busy: something was not measured at all')
  const largest = columns.map(column => Math.max(...rows.map(row => row[column])))
  const largestValue = Math.max(...values.map(({ median }) => median))
  const errors = values.map(({ median, spread }) => Math.max(spread, MIN_SPREAD * Math.abs(median), MIN_SPREAD ** 2 * largestValue))
  let best = { error: Infinity, factors: columns.map(() => 0) }
  for (let set = 0; set < 2 ** columns.length; set++) {
    const used = columns.map((_, i) => i).filter(i => set & 1 << i)
    const solution = solve(rows.map((row, r) => used.map(i => row[columns[i]!] / largest[i]! / errors[r]!)), values.map(({ median }, r) => median / errors[r]!))
    if (!solution?.every(factor => factor >= 0)) continue
    const factors = columns.map((_, i) => used.includes(i) ? solution[used.indexOf(i)]! / largest[i]! : 0)
    const error = rows.reduce((sum, row, r) => sum + ((columns.reduce((total, column, i) => total + factors[i]! * row[column], 0) - values[r]!.median) / errors[r]!) ** 2, 0)
    if (error < best.error - 1e-12) best = { error, factors }
  }
  return Object.fromEntries(columns.map((column, i) => [column, best.factors[i]!])) as Record<Column, number>
}

/** Least squares by the normal equations; undefined if they have no single solution. */
function solve (rows: readonly number[][], values: readonly number[]): number[] | undefined {
  const size = rows[0]!.length
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, r) => sum + row[i]! * values[r]!, 0)
  ])
  const scale = Math.max(0, ...matrix.map((row, i) => row[i]!))
  for (let i = 0; i < size; i++) {
    const pivot = matrix.slice(i).reduce((best, row) => Math.abs(row[i]!) > Math.abs(best[i]!) ? row : best)
    if (Math.abs(pivot[i]!) < 1e-12 * scale) return undefined
    matrix[matrix.indexOf(pivot)] = matrix[i]!
    matrix[i] = pivot.map(value => value / pivot[i]!)
    for (let other = 0; other < size; other++) {
      if (other !== i) matrix[other] = matrix[other]!.map((value, column) => value - matrix[other]![i]! * matrix[i]![column]!)
    }
  }
  return matrix.map(row => row[size]!)
}
