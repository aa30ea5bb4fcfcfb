import type { At } from './diagnostic.js'

/** A value of the file and its position. */
export type Value = ScalarValue | MapValue | ListValue

export interface ScalarValue {
  kind: 'scalar'
  at: At
  /** The value that YAML defines, with every `${…}` replaced. */
  value: unknown
  /** The same as text, spelled as in the file: `0123` and `1.0` stay as they are. */
  text: string
  /** The text before `${…}` was replaced, if there was any; `text` must not be shown then. */
  written?: string
  /** The values that replaced each `${…}`. */
  filledIn?: readonly string[]
  /** A `${…}` in it has no value. That is reported already; report nothing else about this scalar. */
  broken?: boolean
}

export interface MapValue {
  kind: 'map'
  at: At
  entries: Map<string, { at: At, value: Value }>
}

export interface ListValue {
  kind: 'list'
  at: At
  items: Value[]
}

/** The value at a path of keys, or the last one on the way there. */
export function within (value: Value, ...path: string[]): Value {
  const [key = '', ...rest] = path
  const next = value.kind === 'map' ? value.entries.get(key)?.value : undefined
  return next ? within(next, ...rest) : value
}

/** Where an item of a list is, or the value itself if there is no such item. */
export const itemAt = (list: Value, index: number): At => (list.kind === 'list' ? list.items[index] ?? list : list).at
