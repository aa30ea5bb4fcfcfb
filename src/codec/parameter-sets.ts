import { CamgateError } from '../errors.js'
import type { NalFormat } from './nal-format.js'

/** Of each type. H.264 allows 32 and 256; cameras have one or two. */
const MAX_SETS = 16
export const MAX_SET_BYTES = 4_096
const startCode = Buffer.from([0, 0, 0, 1])
const none = Buffer.alloc(0)

interface ParameterSet { readonly type: number, readonly nal: Buffer }

/**
 * The newest parameter set of each type and id, and which of them the picture at hand has and needs: cameras send them in the session
 * description, in band, or both.
 */
export class ParameterSets {
  readonly #codec: NalFormat
  /** By type and id, the one that came longest ago first. */
  readonly #sets = new Map<number, ParameterSet>()
  #sorted: readonly Buffer[] | undefined
  #annexB: Buffer | undefined
  /** The keys of those in front of the picture at hand, and the picture parameter sets that its slices refer to. */
  readonly #inBand = new Set<number>()
  readonly #ppsIds = new Set<number | undefined>()

  constructor (codec: NalFormat) {
    this.#codec = codec
  }

  /** Keeps a copy. Returns its key; undefined if it has no id. Throws BAD_RTP if it is larger than any that makes sense. */
  remember (nal: Buffer, type: number): number | undefined {
    if (nal.length > MAX_SET_BYTES) throw new CamgateError('BAD_RTP', `a parameter set of more than ${MAX_SET_BYTES} bytes`)
    const id = this.#codec.parameterSetId(nal, type)
    if (id === undefined) return undefined
    const key = keyOf(type, id)
    const known = this.#sets.get(key)
    const isKnown = known?.nal.equals(nal)
    this.#sets.delete(key)
    this.#sets.set(key, isKnown ? known! : { type, nal: Buffer.from(nal) })
    if (!isKnown) this.#sorted = this.#annexB = undefined
    const same = [...this.#sets.keys()].filter(key => this.#sets.get(key)!.type === type)
    if (same.length > MAX_SETS) this.#sets.delete(same[0]!)
    return key
  }

  /** Takes one that stands in front of the picture at hand. */
  addInBand (nal: Buffer, type: number): void {
    const key = this.remember(nal, type)
    if (key !== undefined) this.#inBand.add(key)
  }

  /** Takes a slice of the picture at hand, for the parameter sets that it refers to. */
  addSlice (nal: Buffer): void {
    this.#ppsIds.add(this.#codec.slicePpsId(nal))
  }

  /** The sequence parameter set of the picture at hand; undefined if it cannot be decoded, because one that a slice needs is missing. */
  get sps (): Buffer | undefined {
    const needed = [...this.#ppsIds].map(id => this.#neededBy(id))
    return needed.every(sets => sets !== undefined) ? needed.flat().find(nal => this.#codec.type(nal) === this.#codec.sps) : undefined
  }

  /** What must stand in front of the picture at hand, so that whatever it and those after it refer to is there: all, if it lacks one. */
  get missing (): Buffer {
    if ([...this.#sets.keys()].every(key => this.#inBand.has(key))) return none
    this.#annexB ??= Buffer.concat(this.all.flatMap(nal => [startCode, nal]))
    return this.#annexB
  }

  /** All that are known, by type, which is the order of both codecs, and id. The same array as long as none changes. */
  get all (): readonly Buffer[] {
    this.#sorted ??= [...this.#sets].sort(([one], [other]) => one - other).map(([, { nal }]) => nal)
    return this.#sorted
  }

  /** The next picture begins. */
  reset (): void {
    this.#inBand.clear()
    this.#ppsIds.clear()
  }

  /** The picture parameter set with this id, and whatever that refers to. Undefined if one is missing. */
  #neededBy (ppsId: number | undefined): Buffer[] | undefined {
    const needed: Buffer[] = []
    let id = ppsId
    for (const type of this.#codec.parameterSets.toReversed()) {
      const key = id === undefined ? undefined : keyOf(type, id)
      const set = key === undefined ? undefined : this.#sets.get(key)
      if (key === undefined || !set) return undefined
      this.#sets.delete(key)
      this.#sets.set(key, set) // as if it had come again: others go first
      needed.push(set.nal)
      id = this.#codec.referredId(set.nal, type)
    }
    return needed
  }
}

const keyOf = (type: number, id: number): number => type * 2 ** 32 + id
