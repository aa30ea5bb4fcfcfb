import { CamgateError } from '../errors.js'
import { MAX_PICTURE_BYTES } from '../picture-size.js'

/** Each camera has one or two slabs of at least this size. */
const SLAB_BYTES = 64 * 1024

/**
 * Assembles one picture after another in large slabs of memory. Copies each byte once, or twice if the picture does not fit into the rest of
 * the slab. Unlike views of packets, the pictures do not keep whole network chunks in memory.
 */
export class PictureBuffer {
  #slab = Buffer.alloc(0)
  #start = 0
  #end = 0

  /** Bytes of the picture so far. */
  get length (): number {
    return this.#end - this.#start
  }

  /** @throws {CamgateError} BAD_RTP: the picture is larger than MAX_PICTURE_BYTES */
  append (bytes: Buffer, from = 0): void {
    const length = this.length + bytes.length - from
    if (length > MAX_PICTURE_BYTES) throw new CamgateError('BAD_RTP', `a picture of more than ${MAX_PICTURE_BYTES} bytes`)
    if (this.#start + length > this.#slab.length) this.#move(length)
    bytes.copy(this.#slab, this.#end, from)
    this.#end = this.#start + length
  }

  /** The picture's bytes from this position on, valid until the next call. */
  view (from: number): Buffer {
    return this.#slab.subarray(this.#start + from, this.#end)
  }

  /** Keeps this many bytes of the picture. */
  truncate (length: number): void {
    this.#end = Math.min(this.#end, this.#start + length)
  }

  /** Returns the picture and begins the next. */
  take (): Buffer {
    const picture = this.view(0)
    this.#start = this.#end
    return picture
  }

  clear (): void {
    this.#end = this.#start
  }

  #move (length: number): void {
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, Math.min(2 * length, MAX_PICTURE_BYTES)))
    this.#end = this.#slab.copy(slab, 0, this.#start, this.#end)
    this.#start = 0
    this.#slab = slab
  }
}
