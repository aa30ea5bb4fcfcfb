import type { Condition } from './condition.js'

/** What stands on the picture; empty while it is live. Screen readers read it out when it changes, so it contains no counter. */
export function statusInWords ({ state, reason }: Condition): string {
  switch (state) {
    case 'connecting': return 'Connecting…'
    case 'disconnected': return `${reason} Trying again…`
    case 'refused':
    case 'no-path': return reason
    case 'stopped': return 'Stopped.'
    case 'idle': return 'Asleep.'
    case 'starting': return reason ? `${reason} Trying again…` : 'Waiting for the first picture…'
    case 'stopping': return 'Stopping…'
    case 'waiting': return reason || 'The camera went away.'
    case 'stale': return 'No new picture comes.'
    case 'running': return ''
  }
}

/** How old the picture is, for the badge. */
export function ageInWords (ageMs: number): string {
  const seconds = Math.floor(ageMs / 1_000)
  if (seconds < 60) return `${seconds} s old`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min old`
  return `${Math.floor(seconds / 3_600)} h old`
}
