/** What a hub keeps of its published items for those who subscribe later. */
export interface Retained<T> {
  /** Call it with every published item, in order. It need not be kept. */
  add (item: T): void
  /** Oldest first, with consecutive numbers. The newest is the last one that was added, unless nothing is kept. */
  readonly items: readonly T[]
  clear (): void
}

/** For items that need no others: only the newest is of use. */
export class RetainedNewest<T> implements Retained<T> {
  readonly items: T[] = []

  add (item: T): void { this.items[0] = item }
  clear (): void { this.items.length = 0 }
}
