/** An item that a hub can carry: a frame, a coded picture. */
export interface Published {
  /** Rises by one with each that is published. */
  readonly seq: number
  /** When it came: the clock's `now()`, milliseconds. */
  readonly at: number
  /** Whether it is a picture that the camera has just sent; false for a status frame. */
  readonly live: boolean
}

/** Holds the items that wait for one busy subscriber, and decides which of them it skips. Pure. */
export interface DropPolicy<T> {
  /** Accepts the newest item; `missed` were published since the one before it and never offered. Returns how many are dropped. */
  offer (item: T, missed: number): number
  /** Removes and returns the next item to send; undefined if there is none. */
  take (): T | undefined
  /** Discards the waiting items: they are out of date. Returns how many live pictures that drops. */
  clear (): number
}
