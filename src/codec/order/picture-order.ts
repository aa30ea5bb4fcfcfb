import type { SliceOrder } from './h264-slice.js'

/** Whether H.264 pictures come in the order in which they are shown, by their picture order count of type 0: section 8.2.1.1. */
export class PictureOrder {
  /** The number of values of pic_order_cnt_lsb. */
  readonly #range: number
  /** The picture order count of the last reference picture, and the highest so far. Undefined without a picture to count from. */
  #reference: number | undefined
  #highest = 0

  constructor (lsbBits: number) {
    this.#range = 2 ** lsbBits
  }

  /** Pictures are missing: count from the next key picture. Returns whether it was counting. */
  lose (): boolean {
    const wasCounting = this.#reference !== undefined
    this.#reference = undefined
    return wasCounting
  }

  /** Whether this picture is shown after all pictures before it. Undefined while there is no picture to count from. */
  isNext ({ lsb, isIdr, isReference }: SliceOrder, isKey: boolean): boolean | undefined {
    if (isIdr || (isKey && this.#reference === undefined)) {
      this.#reference = this.#highest = lsb
      return true
    }
    if (this.#reference === undefined) return undefined
    const half = this.#range / 2
    const steps = (lsb - this.#reference % this.#range + 2 * this.#range + half - 1) % this.#range - half + 1 // more than -half, at most half
    const count = this.#reference + steps
    if (isReference) this.#reference = count
    const isNext = count >= this.#highest
    this.#highest = Math.max(this.#highest, count)
    return isNext
  }
}
