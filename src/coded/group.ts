import type { Retained } from '../frames/retained.js'
import type { Decodable } from './published-picture.js'

/** What is kept of a group: by the hub for those who join in the middle of it, and for one subscriber that is slow. A group of 4K video takes about half of it. */
const MAX_GROUP_BYTES = 8 * 1024 * 1024
/** A longer group would take too long to decode. It is more than most cameras have between key pictures. */
const MAX_GROUP_MS = 12_000
/** What a picture takes in memory besides its bytes. Without it, millions of tiny pictures would be within the limit. */
const PICTURE_OVERHEAD_BYTES = 512

export type GroupLimit = 'bytes' | 'time'

/** The limit that this many pictures, with this many bytes in this time, would exceed; undefined if none. */
export function exceededLimit (pictures: number, bytes: number, ms: number): GroupLimit | undefined {
  if (bytes + pictures * PICTURE_OVERHEAD_BYTES > MAX_GROUP_BYTES) return 'bytes'
  return ms > MAX_GROUP_MS ? 'time' : undefined
}

/** The pictures since the last key picture, so that a new subscriber can decode the newest at once. Over a limit, nothing is kept until the next key picture. */
export class Group<T extends Decodable> implements Retained<T> {
  #pictures: T[] = []
  #bytes = 0
  #exceeded: GroupLimit | undefined

  get items (): readonly T[] { return this.#pictures }
  get bytes (): number { return this.#bytes }
  /** Why nothing is kept at present. */
  get exceeded (): GroupLimit | undefined { return this.#exceeded }

  /** From the key picture to the newest. */
  get durationMs (): number {
    const [first] = this.#pictures
    return first ? this.#pictures.at(-1)!.at - first.at : 0
  }

  add (picture: T): void {
    if (picture.key) this.clear()
    else if (this.#pictures.length === 0) return
    const first = this.#pictures[0] ?? picture
    const exceeded = exceededLimit(this.#pictures.length + 1, this.#bytes + picture.bytes.length, picture.at - first.at)
    if (exceeded) {
      this.clear()
      this.#exceeded = exceeded
      return
    }
    this.#pictures.push(picture)
    this.#bytes += picture.bytes.length
  }

  clear (): void {
    this.#pictures = []
    this.#bytes = 0
    this.#exceeded = undefined
  }
}
