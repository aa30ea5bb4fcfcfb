import { RECOVERED_AFTER_MS } from '../lifecycle/backoff.js'
import type { CameraState } from '../stream/status.js'

/** How a camera is, as far as notifications go. Times are the clock's, in milliseconds. */
export type Condition = { readonly isStopped: boolean } & (
  /** It shows pictures, or has not failed yet. */
  | { readonly kind: 'fine' }
  | { readonly kind: 'failing', readonly since: number }
  /** It has shown pictures again since `at`. If it fails soon, the outage that began at `since` goes on. */
  | { readonly kind: 'recovering', readonly since: number, readonly at: number }
  /** Nobody wants its pictures: it is stopped by hand, or connected on demand. Whether it works is not known. */
  | { readonly kind: 'resting' }
)

/** Pure. `before` is undefined for a camera that is seen for the first time. */
export function nextCondition (before: Condition | undefined, { state, failure }: Pick<CameraState, 'state' | 'failure'>, now: number): Condition {
  const isStopped = state === 'stopped' || (state === 'stopping' && before?.isStopped === true)
  const last = before?.kind === 'recovering' && hasRecovered(before, now) ? { kind: 'fine' } as const : before
  if (failure) return { isStopped, kind: 'failing', since: outageSince(last) ?? now }
  switch (state) {
    case 'running':
      if (last === undefined || last.kind === 'fine') return { isStopped, kind: 'fine' }
      return last.kind === 'recovering' ? { ...last, isStopped } : { isStopped, kind: 'recovering', since: outageSince(last) ?? now, at: now }
    case 'stopped':
    case 'idle': return { isStopped, kind: 'resting' }
    case 'starting':
    case 'waiting':
    case 'stopping': return { ...last ?? { kind: 'fine' }, isStopped }
  }
}

const outageSince = (last: Pick<Condition, 'kind'> & { readonly since?: number } | undefined): number | undefined => last?.since

/** From when on a camera counts as recovered. */
export const recoveredAt = ({ at }: { readonly at: number }): number => at + RECOVERED_AFTER_MS

const hasRecovered = (condition: { readonly at: number }, now: number): boolean => now >= recoveredAt(condition)
