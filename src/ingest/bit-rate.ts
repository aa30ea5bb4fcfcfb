/** Milliseconds that a bit rate is taken over: a first look, and those behind it. */
const FIRST_OVER = 1_000
const OVER = 5_000

/** How many bits a second come, of a count of bytes that rises. */
export class BitRate {
  #since: number
  #over = FIRST_OVER
  #bytes = 0
  /** 0 until it is known. */
  bitsPerSecond = 0

  constructor (now: number) {
    this.#since = now
  }

  /** `bytes` have come until now, the clock's milliseconds. */
  look (bytes: number, now: number): void {
    const lasted = now - this.#since
    if (lasted < this.#over) return
    this.bitsPerSecond = Math.round(8_000 * (bytes - this.#bytes) / lasted)
    this.#since = now
    this.#over = OVER
    this.#bytes = bytes
  }
}
