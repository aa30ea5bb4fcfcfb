import { CamgateError } from '../errors.js'
import { MAX_PICTURE_BYTES } from '../picture-size.js'

const slabBytes = 64 * 1024 // every camera holds one or two

/**
 * Puts one picture after the other together in large pieces of memory. A byte is copied once, save where a picture has no room
 * behind the ones before it; and unlike views, a picture does not keep the chunks in memory that its packets came in.
 */
export class PictureBuffer {
  #slab = Buffer.alloc(0)
  #start = 0
  #end = 0

  /** Bytes of the picture so far. */
  get length (): number {
    return this.#end - this.#start
  }

  /** @throws {CamgateError} BAD_RTP when the picture outgrows MAX_PICTURE_BYTES */
  append (bytes: Buffer, from = 0): void {
    const length = this.length + bytes.length - from
    if (length > MAX_PICTURE_BYTES) throw new CamgateError('BAD_RTP', `a picture of more than ${MAX_PICTURE_BYTES} bytes`)
    if (this.#start + length > this.#slab.length) this.#move(length)
    bytes.copy(this.#slab, this.#end, from)
    this.#end = this.#start + length
  }

  /** What was appended, from that place in the picture on; it holds until the next call. */
  view (from: number): Buffer {
    return this.#slab.subarray(this.#start + from, this.#end)
  }

  /** Drops what was appended after the first so many bytes of the picture. */
  truncate (length: number): void {
    this.#end = Math.min(this.#end, this.#start + length)
  }

  /** The picture, which is its taker's from now on. */
  take (): Buffer {
    const picture = this.view(0)
    this.#start = this.#end
    return picture
  }

  clear (): void {
    this.#end = this.#start
  }

  #move (length: number): void {
    const slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, Math.min(2 * length, MAX_PICTURE_BYTES)))
    this.#end = this.#slab.copy(slab, 0, this.#start, this.#end)
    this.#start = 0
    this.#slab = slab
  }
}
