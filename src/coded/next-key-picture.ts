import type { DropPolicy } from '../frames/drop-policy.js'
import { exceededLimit } from './group.js'
import type { Decodable } from './published-picture.js'

/**
 * For receivers that decode: after any skip, the next picture can be decoded. At most one group waits, and a new key picture replaces it.
 * After a gap, or if too much is waiting, all pictures up to the next key picture are skipped.
 */
export class NextKeyPicture<T extends Decodable> implements DropPolicy<T> {
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
    if (this.#isTooMuch(picture)) return this.clear() + 1
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

  #isTooMuch (picture: T): boolean {
    const first = this.#waiting[0] ?? picture
    return exceededLimit(this.#waiting.length + 1, this.#waitingBytes + picture.bytes.length, picture.at - first.at) !== undefined
  }

  #push (picture: T): void {
    this.#waiting.push(picture)
    this.#waitingBytes += picture.bytes.length
  }
}
