import { quote } from '../text/printable.js'
import type { Value } from './value.js'

/** The part of JSON Schema that our schemas use. */
export interface Shape {
  type?: string
  const?: string
  title?: string
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  items?: Shape
  minItems?: number
  maxItems?: number
  required?: string[]
  properties?: Record<string, Shape>
  patternProperties?: Record<string, Shape>
  minProperties?: number
  maxProperties?: number
  propertyNames?: { not: { enum: string[] }, description: string }
  anyOf?: Shape[]
  examples?: string[]
}

/** What a schema accepts, in words that follow "expected". */
export function describe (shape: Shape): string {
  if (shape.title) return shape.title
  if (shape.const !== undefined) return shape.const
  if (shape.anyOf) {
    const maps = shape.anyOf.filter(option => option.properties)
    const tag = maps[0] && tagOf(maps[0])
    return [
      ...shape.anyOf.filter(option => !option.properties).map(describe),
      ...(tag ? [`a map with ${tag}: ${words(maps.map(option => option.properties?.[tag]?.const ?? ''))}`] : maps.map(describe))
    ].join(' or ')
  }
  const from = shape.exclusiveMinimum === undefined ? `from ${shape.minimum}` : `above ${shape.exclusiveMinimum} and up`
  switch (shape.type) {
    case 'integer': return `a whole number ${from} to ${shape.maximum}`
    case 'number': return `a number ${from} to ${shape.maximum}`
    case 'boolean': return 'true or false'
    case 'string': return `text${shape.examples ? ` like ${shape.examples[0]}` : ''}${shape.maxLength ? ` of 1 to ${shape.maxLength} characters` : ''}`
    case 'array': return `a list of 1 to ${shape.maxItems}${shape.examples ? ` like ${shape.examples[0]}` : ''}`
    default: return 'a map'
  }
}

/** What the file has instead, in words that follow "received". Shows no secret, and no value that replaced a `${…}`. */
export function received (value: Value, secret: boolean): string {
  if (value.kind === 'map' && value.entries.size === 0) return 'an empty map'
  if (value.kind === 'list' && value.items.length === 0) return 'an empty list'
  if (value.kind !== 'scalar') return `a ${value.kind}`
  if (value.value === null) return value.text === '' ? 'nothing' : value.text
  if (secret) return 'something else, which is not shown'
  if (value.written !== undefined) return `${quote(value.written)} with a value that is not shown`
  return typeof value.value === 'string' ? quote(value.text) : value.text
}

/** The key whose value identifies one of the maps of a union. */
export const tagOf = (shape: Shape): string | undefined =>
  Object.entries(shape.properties ?? {}).find(([, property]) => property.const !== undefined)?.[0]

export const words = (list: readonly string[]): string =>
  list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`
