import { CamgateError } from '../errors.js'

const MAX_SETS = 16
export const MAX_SET_BYTES = 4_096
const startCode = Buffer.from([0, 0, 0, 1])

/** What a picture's slices refer to, the newest of each: cameras send them in the session description, in band, or both. */
export class ParameterSets {
  readonly #types: readonly number[]
  readonly #idOf: (nal: Buffer, type: number) => number
  /** By type and id, the oldest first. */
  readonly #sets = new Map<number, { type: number, nal: Buffer }>()
  #annexB: Buffer | undefined

  /** @param types in the order in which they stand in front of a picture */
  constructor (types: readonly number[], idOf: (nal: Buffer, type: number) => number) {
    this.#types = types
    this.#idOf = idOf
  }

  /** Keeps a copy. False when it is known already. Throws BAD_RTP when it is larger than any that makes sense. */
  remember (nal: Buffer, type: number): boolean {
    if (nal.length > MAX_SET_BYTES) throw new CamgateError('BAD_RTP', `a parameter set of more than ${MAX_SET_BYTES} bytes`)
    for (const known of this.#sets.values()) if (known.nal.equals(nal)) return false
    const key = type * 2 ** 32 + this.#idOf(nal, type)
    this.#sets.delete(key)
    this.#sets.set(key, { type, nal: Buffer.from(nal) })
    for (const oldest of this.#sets.keys()) if (this.#sets.size > MAX_SETS) this.#sets.delete(oldest)
    this.#annexB = undefined
    return true
  }

  /** Whether there is one of each type: nothing can be decoded before. */
  get complete (): boolean {
    const types = new Set<number>()
    for (const { type } of this.#sets.values()) types.add(type)
    return types.size === this.#types.length
  }

  /** All of them as they stand in front of a picture. */
  get annexB (): Buffer {
    this.#annexB ??= Buffer.concat(this.#types.flatMap(wanted =>
      [...this.#sets.values()].flatMap(({ type, nal }) => type === wanted ? [startCode, nal] : [])))
    return this.#annexB
  }
}
