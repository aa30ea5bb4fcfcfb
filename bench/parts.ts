/** The parts of camgate's stream as they arrive. */
export class Parts {
  readonly #all: Array<{ at: number, delay: number, live: boolean }> = []
  #rest = Buffer.alloc(0)

  readonly take = (chunk: Buffer): void => {
    const at = performance.now()
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n')
      const text = this.#rest.toString('latin1', 0, Math.max(0, head))
      const length = /content-length: (\d+)/i.exec(text)?.[1]
      if (head < 0 || (length !== undefined && this.#rest.length < head + 4 + Number(length))) return
      if (length !== undefined) {
        const stamp = 1_000 * Number(/x-timestamp: ([\d.]+)/i.exec(text)![1])
        this.#all.push({ at, delay: performance.timeOrigin + at - stamp, live: !/x-camera-state/i.test(text) })
      }
      this.#rest = this.#rest.subarray(head + 4 + Number(length ?? 0))
    }
  }

  /** When the camera's first picture, or the first status frame, had arrived; undefined before that. */
  first (kind: 'picture' | 'status frame'): number | undefined {
    return this.#all.find(({ live }) => live === (kind === 'picture'))?.at
  }

  /** Milliseconds from X-Timestamp to the end of the part, both by this machine's clock, for the parts that arrived after `from`. */
  delays (from: number): number[] {
    return this.#all.filter(({ at }) => at >= from).map(({ delay }) => delay)
  }
}
