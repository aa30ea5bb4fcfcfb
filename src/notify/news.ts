import { sees } from '../access/principal.js'
import type { NotifyTarget } from '../config/notify/target.js'
import type { NotifyEvent } from '../config/notify/schema.js'
import { recoveredAt, type Condition } from './condition.js'

/** What a target takes to be true: the cameras of which it was told last that they are down, and that they are stopped. */
export interface Told { readonly down: ReadonlySet<string>, readonly stopped: ReadonlySet<string> }

export interface News { readonly event: NotifyEvent, readonly ids: readonly string[] }

/** How the events follow each other if several are due of one camera. */
const ORDER = ['stopped', 'started', 'down', 'up'] as const

/** Pure. What differs between what a target was told and how the cameras are. `nextAt`: when time alone will bring more. */
export function newsFor ({ cameras, afterMs }: Pick<NotifyTarget, 'cameras' | 'afterMs'>, conditions: ReadonlyMap<string, Condition>, told: Told, now: number): { news: News[], nextAt: number } {
  const found: Record<NotifyEvent, string[]> = { stopped: [], started: [], down: [], up: [] }
  let nextAt = Infinity
  const tellAt = (at: number, event: NotifyEvent, id: string) => {
    if (now >= at) found[event].push(id)
    else nextAt = Math.min(nextAt, at)
  }
  for (const [id, condition] of conditions) {
    if (!sees(cameras, id)) continue
    if (condition.isStopped !== told.stopped.has(id)) found[condition.isStopped ? 'stopped' : 'started'].push(id)
    if (told.down.has(id)) {
      if (condition.kind === 'fine') tellAt(now, 'up', id)
      if (condition.kind === 'recovering') tellAt(recoveredAt(condition), 'up', id)
    } else if (condition.kind === 'failing') tellAt(condition.since + afterMs, 'down', id)
  }
  return { news: ORDER.map(event => ({ event, ids: found[event] })).filter(({ ids }) => ids.length > 0), nextAt }
}
