const FIRST_PERIOD_MS = 1_000
const PERIOD_MS = 5_000

/** Measures bits per second from a growing count of bytes. */
export class BitRate {
  #since: number
  #period = FIRST_PERIOD_MS
  #bytes = 0
  /** 0 until the first period is over. */
  bitsPerSecond = 0

  constructor (now: number) {
    this.#since = now
  }

  /** `bytes` is the whole count, `now` the clock's time in milliseconds. */
  update (bytes: number, now: number): void {
    const lasted = now - this.#since
    if (lasted < this.#period) return
    this.bitsPerSecond = Math.round(8_000 * (bytes - this.#bytes) / lasted)
    this.#since = now
    this.#period = PERIOD_MS
    this.#bytes = bytes
  }
}
