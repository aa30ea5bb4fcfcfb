import type { ProbeReport } from '../probe/report.js'
import { finding, type Finding } from './finding.js'

/** What a probe of a camera has shown. Empty if it is fine. */
export function findingsOfReport (id: string, { failure, todo, login }: ProbeReport): Finding[] {
  const about = `camera ${id}`
  if (failure) return [finding('error', about, failure.code, failure.message, todo.filter(advice => login !== 'missing' || !advice.includes('--user')))]
  return todo.map(advice => finding('warning', about, 'advice', advice))
}
