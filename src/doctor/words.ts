import type { Finding } from './finding.js'

const INDENT = ' '.repeat(9)

/** Findings for people: one after the other, with what to do; then how many there are. Ends with a line break. */
export function describeFindings (findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ level, about, what, why, todo }) => [
    `${level.padEnd(9)}${about}: ${what}`,
    ...why === null ? [] : [`${INDENT}${why}`],
    ...todo.map(one => `${INDENT}→ ${one}`)
  ])
  return [...lines, ...lines.length > 0 ? [''] : [], verdict(findings), ''].join('\n')
}

function verdict (findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter(one => one.level === level).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors + warnings === 0) return 'Nothing is wrong.'
  return [[errors, 'error'] as const, [warnings, 'warning'] as const].filter(([number]) => number > 0).map(([number, noun]) => `${number} ${noun}${number === 1 ? '' : 's'}`).join(', ')
}
