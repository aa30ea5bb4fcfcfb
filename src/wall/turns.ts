/** A tile that holds a picture for the client. */
export interface Waiting {
  /** Higher ones come first. */
  readonly priority: number
  /** When the tile was last sent a picture: the clock's `now()`. */
  readonly servedAt: number
}

/** Whatever their priority, tiles that were sent nothing for this long come first: no tile starves. */
const MAX_UNSERVED_MS = 1_000

/** Whose turn it is among those that wait, in the order in which they began to; undefined if nobody waits. */
export function nextTurn<T extends Waiting> (waiting: Iterable<T>, now: number): T | undefined {
  let next: T | undefined
  let nextStarves = false
  for (const each of waiting) {
    const starves = now - each.servedAt >= MAX_UNSERVED_MS
    if (next && (starves === nextStarves ? each.priority <= next.priority : nextStarves)) continue
    next = each
    nextStarves = starves
  }
  return next
}
