import type { Value } from '../value.js'

/** A value as JSON has it. */
export type Plain = null | boolean | number | string | Plain[] | PlainMap
export interface PlainMap { [key: string]: Plain }

export const isPlainMap = (value: Plain | undefined): value is PlainMap => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of a key of its own; undefined if it has none, or is no map. */
export const own = (value: Plain | undefined, key: string): Plain | undefined => isPlainMap(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** A value of the file with every `${…}` as written; aliases and merge keys are followed. */
export function plainOf (value: Value): Plain {
  switch (value.kind) {
    case 'map': return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plainOf(entry.value)]))
    case 'list': return value.items.map(plainOf)
    case 'scalar': return (value.written ?? value.value) as Plain
  }
}
