import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isNode, isScalar, Scalar, type Pair, type YAMLMap } from 'yaml'
import { CamgateError } from '../../errors.js'
import { isPlainMap, type Plain, type PlainMap } from './plain.js'

/** The change cannot be made without changing something else. The message is the end of a sentence. */
export class CannotEdit extends CamgateError {
  constructor (reason: string) {
    super('NOT_EDITABLE', reason)
  }
}

export const nameOf = ({ key }: Pair): string => isScalar(key) ? key.source ?? '' : ''
const isMerge = ({ key }: Pair): boolean => isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<'
export const startOf = ({ key }: Pair): number => rangeOf(key)[0]
/** Where the text of a pair ends, before a comma or comment. */
export const endOf = ({ key, value }: Pair): number => rangeOf(value ?? key)[1]

export function rangeOf (node: unknown): readonly [number, number] {
  if (!isNode(node) || !node.range) throw new CannotEdit('a key has an unusual form')
  return [node.range[0], node.range[1]]
}

export type Change = { readonly kind: 'remove' | 'keep', readonly pair: Pair } |
  { readonly kind: 'change', readonly pair: Pair, readonly before: Plain, readonly after: Plain } |
  { readonly kind: 'add', readonly key: string, readonly after: Plain }

/** How a value is changed. `within`: inside its own map. `beside`: it is an alias, whose keys are merged in. `wrap`: a short form becomes a map. */
export type Way = { readonly kind: 'within', readonly map: YAMLMap, readonly before: PlainMap, readonly after: PlainMap } |
  { readonly kind: 'beside', readonly added: Array<readonly [string, Plain]> } |
  { readonly kind: 'wrap', /** The scalar, if it changes as well. */ readonly scalar?: Plain, readonly added: Array<readonly [string, Plain]> } |
  { readonly kind: 'replace' }

/** @param shortKey the key that a scalar in the place of a map stands for */
export function wayOf (value: unknown, before: Plain, after: Plain, shortKey: string): Way {
  if (!isPlainMap(after)) return { kind: 'replace' }
  if (isPlainMap(before)) {
    if (isMap(value)) return { kind: 'within', map: value, before, after }
    const loses = Object.keys(before).some(key => !Object.hasOwn(after, key))
    return isAlias(value) && !loses ? { kind: 'beside', added: Object.entries(after).filter(([key, each]) => !isSame(before[key], each)) } : { kind: 'replace' }
  }
  const scalar = Object.hasOwn(after, shortKey) ? after[shortKey] : undefined
  if (scalar === undefined || isPlainMap(scalar) || value === null || (isScalar(value) && value.type?.startsWith('BLOCK'))) return { kind: 'replace' }
  return { kind: 'wrap', ...scalar !== before && { scalar }, added: Object.entries(after).filter(([key]) => key !== shortKey) }
}

export const isSame = (one: Plain | undefined, other: Plain | undefined): boolean => isDeepStrictEqual(one, other)

/** What becomes of each pair of a map, in the order of the file, and what is added. @throws {CannotEdit} */
export function changesOf (map: YAMLMap, before: PlainMap, after: PlainMap): Change[] {
  const own = new Set(map.items.map(nameOf))
  for (const key of Object.keys(before)) {
    if (!own.has(key) && !Object.hasOwn(after, key)) throw new CannotEdit(`the key ${key} comes from an anchor, by <<, so it cannot be taken away here`)
  }
  const kept = map.items.map((pair): Change => {
    const key = nameOf(pair)
    if (isMerge(pair) || !Object.hasOwn(before, key)) return { kind: 'keep', pair }
    if (!Object.hasOwn(after, key)) return { kind: 'remove', pair }
    return isSame(before[key], after[key]) ? { kind: 'keep', pair } : { kind: 'change', pair, before: before[key]!, after: after[key]! }
  })
  const added = Object.keys(after).filter(key => !own.has(key) && !isSame(before[key], after[key]))
  return [...kept, ...added.map((key): Change => ({ kind: 'add', key, after: after[key]! }))]
}
