import type { DropPolicy, Published } from './drop-policy.js'

/** Bytes that may wait for one subscriber. A group of 4K video takes about half of it. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/** A coded picture. All but key pictures need those before them. */
interface Coded extends Published {
  readonly key: boolean
  readonly bytes: { readonly length: number }
}

/**
 * For receivers that decode: after any skip, the next picture can be decoded. At most one group waits, and a new key picture replaces it.
 * After a gap, or if too much is waiting, all pictures up to the next key picture are skipped.
 */
export class NextKeyPicture<T extends Coded> implements DropPolicy<T> {
  #waiting: T[] = []
  #waitingBytes = 0
  /** Whether the picture after the newest accepted one can be decoded. */
  #isWhole = false
  /** Whether a key picture has arrived. Pictures before the first one do not count as dropped. */
  #hasBegun = false

  offer (picture: T, missed: number): number {
    if (picture.key) return this.#begin(picture, missed)
    if (!this.#hasBegun) return 0
    if (missed > 0) this.#isWhole = false
    if (!this.#isWhole) return missed + 1
    if (this.#waitingBytes + picture.bytes.length > MAX_WAITING_BYTES) return this.clear() + 1
    this.#push(picture)
    return 0
  }

  take (): T | undefined {
    const next = this.#waiting.shift()
    this.#waitingBytes -= next?.bytes.length ?? 0
    return next
  }

  clear (): number {
    const dropped = this.#waiting.length
    this.#waiting = []
    this.#waitingBytes = 0
    this.#isWhole = false
    return dropped
  }

  #begin (picture: T, missed: number): number {
    const dropped = this.#hasBegun ? missed + this.clear() : 0
    this.#isWhole = this.#hasBegun = true
    this.#push(picture)
    return dropped
  }

  #push (picture: T): void {
    this.#waiting.push(picture)
    this.#waitingBytes += picture.bytes.length
  }
}
