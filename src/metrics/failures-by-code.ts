import type { FailureCode } from '../failure/failure.js'

/** More codes than this have no series of their own, so that a camera that fails in every way has no more series than others. */
const MAX_OTHER_CODES = 3
/** Somebody has to act on it, and rules ask for it: it has its own series, however late it comes. */
const ALWAYS_NAMED: FailureCode = 'auth'

/** The counts of the codes that came first, and the sum of all others as `other`. A code that has a series keeps it. */
export function failuresByCode (failures: ReadonlyMap<FailureCode, number>): Array<readonly [code: FailureCode | 'other', count: number]> {
  const known = failures.get(ALWAYS_NAMED)
  const counts = [...failures].filter(([code]) => code !== ALWAYS_NAMED)
  const others = counts.slice(MAX_OTHER_CODES).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...known === undefined ? [] : [[ALWAYS_NAMED, known] as const],
    ...counts.slice(0, MAX_OTHER_CODES),
    ...others === 0 ? [] : [['other', others] as const]
  ]
}
