/** Random numbers that a seed reproduces: mulberry32, with 32 bits of state. */
export class Random {
  readonly #seed: number
  #state: number

  constructor (seed: number) {
    this.#seed = this.#state = seed >>> 0
  }

  /** In [0, 1). */
  next (): number {
    this.#state = this.#state + 0x6d2b79f5 >>> 0
    let bits = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1)
    bits ^= bits + Math.imul(bits ^ bits >>> 7, bits | 61)
    return ((bits ^ bits >>> 14) >>> 0) / 2 ** 32
  }

  between (min: number, max: number): number {
    return min + this.next() * (max - min)
  }

  pick<T> (list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!
  }

  /** A separate sequence for one actor, which does not depend on what others draw, or when. */
  fork (name: string): Random {
    let hash = 0x811c9dc5 ^ this.#seed // FNV-1a
    for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193)
    return new Random(hash)
  }
}
