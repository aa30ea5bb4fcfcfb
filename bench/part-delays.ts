/** What X-Timestamp says of each part, beside the time at which all of it had come: both are this machine's clock. */
export class PartDelays {
  readonly #delays: Array<{ at: number, delay: number }> = []
  #rest = Buffer.alloc(0)

  readonly take = (chunk: Buffer): void => {
    const wall = performance.timeOrigin + performance.now()
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n')
      const text = this.#rest.toString('latin1', 0, Math.max(0, head))
      const length = /content-length: (\d+)/i.exec(text)?.[1]
      if (head < 0 || (length !== undefined && this.#rest.length < head + 4 + Number(length))) return
      if (length !== undefined) {
        const stamp = 1_000 * Number(/x-timestamp: ([\d.]+)/i.exec(text)![1])
        this.#delays.push({ at: performance.now(), delay: wall - stamp })
      }
      this.#rest = this.#rest.subarray(head + 4 + Number(length ?? 0))
    }
  }

  /** Milliseconds, of the parts that came after `from`. */
  since (from: number): number[] {
    return this.#delays.filter(({ at }) => at >= from).map(({ delay }) => delay)
  }
}
