/** An item that a hub can distribute: a frame or a coded picture. */
export interface Published {
  /** Rises by one with each published item. */
  readonly seq: number
  /** When it arrived: the clock's `now()`, in milliseconds. */
  readonly at: number
  /** When what it was made of arrived, if that is known. */
  readonly originalAt?: number | undefined
  /** Whether it is a picture that the camera has just sent; false for a status frame. */
  readonly live: boolean
}

/** Holds the items that wait for one busy subscriber, and decides which ones are skipped. Pure. */
export interface DropPolicy<T> {
  /** Accepts the newest item. `missed` items since the previous one were never offered. Returns how many are dropped. */
  offer (item: T, missed: number): number
  /** Removes and returns the next item to send; undefined if there is none. */
  take (): T | undefined
  /** Discards the waiting items, because they are out of date. Returns how many live pictures are dropped. */
  clear (): number
}
