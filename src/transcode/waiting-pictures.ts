import type { CodedPicture } from '../codec/coded-picture.js'

/** `at` is when the picture arrived. */
export type QueuedPicture = Pick<CodedPicture, 'key' | 'damaged' | 'bytes' | 'at'>

/** The pictures that wait for an ffmpeg, in order. Only those in front of a key picture can be dropped: all others are needed by later ones. */
export class WaitingPictures {
  #pictures: Array<{ picture: QueuedPicture, since: number }> = []
  #bytes = 0

  get length (): number { return this.#pictures.length }
  get bytes (): number { return this.#bytes }

  push (picture: QueuedPicture, now: number): void {
    this.#pictures.push({ picture, since: now })
    this.#bytes += picture.bytes.length
  }

  /** Takes the first one out; `since` is when it was pushed. */
  shift (): { picture: QueuedPicture, since: number } | undefined {
    const first = this.#pictures.shift()
    this.#bytes -= first?.picture.bytes.length ?? 0
    return first
  }

  /** How long the first one has waited; 0 if none waits. */
  waitMs (now: number): number { return this.#pictures[0] ? now - this.#pictures[0].since : 0 }

  /** Drops all in front of the newest key picture that has waited no longer than `limitMs`, or all if there is none. Returns how many. */
  skip (limitMs: number, now: number): number {
    const newest = this.#pictures.findLastIndex(({ picture, since }) => picture.key && now - since <= limitMs)
    return this.#drop(newest < 0 ? this.#pictures.length : newest)
  }

  /** Drops all. Returns how many. */
  clear (): number { return this.#drop(this.#pictures.length) }

  #drop (count: number): number {
    const dropped = this.#pictures.splice(0, count)
    this.#bytes -= dropped.reduce((sum, { picture }) => sum + picture.bytes.length, 0)
    return dropped.length
  }
}
