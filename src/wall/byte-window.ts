const FIRST_BYTES = 256 * 1024
const MIN_BYTES = 32 * 1024
const MAX_BYTES = 4 * 1024 * 1024
/** Pictures that take this much longer than the quickest, from here to the client's decoder, wait in a queue on the way. */
const MAX_QUEUED_MS = 250
const SHRINK_BY = 0.75

/**
 * How many bytes of pictures may be on their way to one client: sent, but not decoded. It shrinks while they take long to come back as credit, and
 * grows while it is what holds pictures up. Times are the clock's `now()`.
 */
export class ByteWindow {
  #bytes = FIRST_BYTES
  #onTheWay = 0
  /** Each sent picture that has not been credited in full, oldest first. */
  readonly #sent: Array<{ readonly at: number, left: number }> = []
  #isLimiting = false
  #shortestMs = Infinity
  /** Pictures sent before this do not show yet that the window has become smaller. */
  #judgeFrom = -Infinity

  get bytes (): number { return this.#bytes }

  /** When the oldest picture was sent that has not been credited; undefined if all have been. */
  get oldestAt (): number | undefined { return this.#sent[0]?.at }

  /** Whether a picture of so many bytes may be sent now. One that is larger than the window may if nothing else is on its way. */
  admits (bytes: number): boolean {
    const fits = this.#onTheWay === 0 || this.#onTheWay + bytes <= this.#bytes
    if (!fits) this.#isLimiting = true
    return fits
  }

  send (bytes: number, now: number): void {
    this.#onTheWay += bytes
    this.#sent.push({ at: now, left: bytes })
  }

  /** The client has decoded so many bytes, or thrown them away. Ignores more than were sent. */
  credit (bytes: number, now: number): void {
    const credited = Math.min(bytes, this.#onTheWay)
    this.#onTheWay -= credited
    let left = credited
    let sentAt: number | undefined
    while (left > 0) {
      const [oldest] = this.#sent as [{ readonly at: number, left: number }]
      const part = Math.min(left, oldest.left)
      left -= part
      oldest.left -= part
      if (oldest.left > 0) break
      sentAt = oldest.at
      this.#sent.shift()
    }
    if (sentAt !== undefined) this.#follow(now - sentAt, sentAt, credited, now)
  }

  #follow (tookMs: number, sentAt: number, credited: number, now: number): void {
    this.#shortestMs = Math.min(this.#shortestMs, tookMs)
    if (tookMs - this.#shortestMs <= MAX_QUEUED_MS) {
      if (this.#isLimiting) this.#bytes = Math.min(MAX_BYTES, this.#bytes + credited)
      this.#isLimiting = false
    } else if (sentAt >= this.#judgeFrom) {
      this.#bytes = Math.max(MIN_BYTES, Math.round(this.#bytes * SHRINK_BY))
      this.#judgeFrom = now
    }
  }
}
