import { CamgateError } from '../errors.js'
import type { NalFormat } from './nal-format.js'

/** H.264 allows 32 SPS and 256 PPS; cameras have one or two. */
const MAX_SETS_PER_TYPE = 16
/** No useful parameter set is larger. */
export const MAX_SET_BYTES = 4_096
const startCode = Buffer.from([0, 0, 0, 1])
const none = Buffer.alloc(0)

interface ParameterSet { readonly type: number, readonly nal: Buffer }

/**
 * Stores the newest parameter set of each type and id, and notes which of them the current picture has and needs. Cameras send them in the
 * session description, in band, or both.
 */
export class ParameterSets {
  readonly #codec: NalFormat
  /** By type and id, oldest first. */
  readonly #sets = new Map<number, ParameterSet>()
  #sorted: readonly Buffer[] | undefined
  #annexB: Buffer | undefined
  /** For the current picture: the keys of the sets in front of it, and the ids of the picture parameter sets that its slices refer to. */
  readonly #inBand = new Set<number>()
  readonly #ppsIds = new Set<number | undefined>()

  constructor (codec: NalFormat) {
    this.#codec = codec
  }

  /**
   * Stores a copy and returns its key; undefined if it has no id.
   * @throws {CamgateError} BAD_RTP: it is larger than MAX_SET_BYTES
   */
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
    if (same.length > MAX_SETS_PER_TYPE) this.#sets.delete(same[0]!)
    return key
  }

  /** Adds a set that came in front of the current picture. */
  addInBand (nal: Buffer, type: number): void {
    const key = this.remember(nal, type)
    if (key !== undefined) this.#inBand.add(key)
  }

  /** Notes which parameter sets a slice of the current picture refers to. */
  addSlice (nal: Buffer): void {
    this.#ppsIds.add(this.#codec.slicePpsId(nal))
  }

  /** The current picture's sequence parameter set; undefined if a slice lacks a set, so that the picture cannot be decoded. */
  get sps (): Buffer | undefined {
    const needed = [...this.#ppsIds].map(id => this.#neededBy(id))
    return needed.every(sets => sets !== undefined) ? needed.flat().find(nal => this.#codec.type(nal) === this.#codec.sps) : undefined
  }

  /** The sets to insert in front of the current picture, so that it and later ones have all they refer to: every known set if one is not in band. */
  get missing (): Buffer {
    if ([...this.#sets.keys()].every(key => this.#inBand.has(key))) return none
    this.#annexB ??= Buffer.concat(this.all.flatMap(nal => [startCode, nal]))
    return this.#annexB
  }

  /** Every known set, sorted by type (the order that both codecs need) and id. The same array until a set changes. */
  get all (): readonly Buffer[] {
    this.#sorted ??= [...this.#sets].sort(([one], [other]) => one - other).map(([, { nal }]) => nal)
    return this.#sorted
  }

  /** Begins the next picture. */
  reset (): void {
    this.#inBand.clear()
    this.#ppsIds.clear()
  }

  /** The picture parameter set with this id and the sets that it depends on; undefined if one is missing. */
  #neededBy (ppsId: number | undefined): Buffer[] | undefined {
    const needed: Buffer[] = []
    let id = ppsId
    for (const type of this.#codec.parameterSets.toReversed()) {
      const key = id === undefined ? undefined : keyOf(type, id)
      const set = key === undefined ? undefined : this.#sets.get(key)
      if (key === undefined || !set) return undefined
      this.#sets.delete(key)
      this.#sets.set(key, set) // as the newest, so that others are dropped first
      needed.push(set.nal)
      id = this.#codec.referredId(set.nal, type)
    }
    return needed
  }
}

const keyOf = (type: number, id: number): number => type * 2 ** 32 + id
