/**
 * A map of bounded size, so that clients cannot fill the memory. It forgets what has not been used while half as many other entries as it may hold were
 * used. To use an entry costs a look-up: none is moved within a generation.
 */
export class Recent<Value> {
  readonly #maxPerGeneration: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor (max: number) {
    this.#maxPerGeneration = Math.max(1, Math.floor(max / 2))
  }

  get size (): number { return this.#young.size + this.#old.size }

  /** Counts as a use. */
  get (key: string): Value | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set (key: string, value: Value): void {
    if (this.#young.size >= this.#maxPerGeneration && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#old.delete(key)
    this.#young.set(key, value)
  }

  delete (key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
