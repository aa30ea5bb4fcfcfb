import { Value as Schema } from 'typebox/value'
import { describe, received, tagOf, words, type Shape } from './expected.js'
import { quote, type At, type Report } from './fault.js'
import { foreignMap } from './foreign.js'
import { gluedKey, noBlank } from './glued.js'
import { idHint, unknownKey, valueHint } from './hints.js'
import { didYouMean } from '../nearest.js'
import { smallestFile } from './schema.js'
import type { ScalarValue, Value } from './value.js'

/**
 * Holds a value of the file against its schema and gives what the program gets: plain objects, and a Map (in the order of
 * the file) where the schema has `patternProperties`. Every fault is reported; what is at fault is left out, and a
 * member of a union is whole or left out.
 */
export function check (shape: Shape, value: Value, path: string, report: Report): unknown {
  if (value.kind === 'scalar' && isShown(path) && /(?<!\$)\$\{/.test(value.written ?? '')) {
    report(value.at, `${path}: everybody sees a name, so nothing is filled in here: write the name itself; a literal '\${' is written '$\${'`)
    return undefined
  }
  if (value.kind === 'scalar' && value.broken) return undefined
  if (shape.anyOf?.some(option => option.properties)) return checkUnion(shape, shape.anyOf, value, path, report)
  if (shape.properties) return checkMap(shape, shape.properties, value, path, report)
  if (shape.patternProperties) return checkRecord(shape, shape.patternProperties, value, path, report)
  if (shape.items) return checkList(shape, shape.items, value, path, report)
  return checkScalar(shape, value, path, report)
}

function checkScalar (shape: Shape, value: Value, path: string, report: Report): unknown {
  if (value.kind === 'scalar') {
    const plain = asWanted(shape, value)
    if (Schema.Check(shape, plain)) return plain
  }
  const near = value.kind === 'scalar' && shape.anyOf ? didYouMean(value.text, shape.anyOf.map(describe)) : ''
  const hint = value.kind === 'scalar' ? valueHint(shape, value, path) : ''
  const wanted = shape.anyOf && !shape.title ? words(shape.anyOf.map(describe)) : describe(shape)
  report(value.at, `${path}: expected ${wanted}, received ${received(value, isSecret(path))}${near}${hint}`)
  return undefined
}

/** As a member of a union a list is whole or left out, too: one that lacks an item means something else. */
function checkList (shape: Shape, items: Shape, value: Value, path: string, report: Report): unknown[] | undefined {
  const { minItems = 0, maxItems = Infinity } = shape
  if (value.kind !== 'list' || value.items.length < minItems || value.items.length > maxItems) return wrongKind(shape, value, path, report)
  const found = value.items.map((item, index) => check(items, item, `${path}[${index}]`, report))
  return found.includes(undefined) ? undefined : found
}

/** `name: 7` is text because names are, and `fps: ${FPS}` is a number because a rate is. */
function asWanted (shape: Shape, { value, text, written }: ScalarValue): unknown {
  if (value === null || Schema.Check(shape, value)) return value
  if (typeof value !== 'string') {
    const wantsText = shape.type === 'string' || shape.anyOf !== undefined
    return wantsText && text !== '' ? text : value
  }
  if (written === undefined) return value
  if (shape.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (shape.type !== 'string' && /^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text)
  return text
}

function checkMap (
  shape: Shape, properties: Record<string, Shape>, value: Value, path: string, report: Report, at: At = value.at
): Record<string, unknown> | undefined {
  if (value.kind !== 'map' || value.entries.size < (shape.minProperties ?? 0)) return wrongKind(shape, value, path, report)
  const found: Record<string, unknown> = {}
  const keys = Object.keys(properties)
  const foreign = path === '' ? foreignMap([...value.entries.keys()].filter(key => !keys.includes(key))) : undefined
  if (foreign) {
    report(value.at, foreign) // what else is wrong with it helps nobody
    return undefined
  }
  for (const [key, entry] of value.entries) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined
    const place = path ? `${path}.${key}` : key
    if (!property) {
      const free = Object.keys(shape.patternProperties ?? {}).some(pattern => new RegExp(pattern).test(key))
      if (!free) report(entry.at, `${path ? `${path}: ` : ''}${unknownKey(key, keys, path)}`)
      continue
    }
    const checked = check(property, entry.value, place, report)
    if (checked !== undefined) found[key] = checked
  }
  for (const key of shape.required ?? []) {
    if (!value.entries.has(key)) report(at, `${path ? `${path}: ` : ''}${key} is missing; expected ${describe(properties[key] ?? {})}`)
  }
  return found
}

function checkRecord (
  shape: Shape, patterns: Record<string, Shape>, value: Value, path: string, report: Report
): Map<string, unknown> | undefined {
  const [id, example] = path === 'cameras' ? ['id', `; for example\n${smallestFile}`] : ['name', '']
  const empty = value.kind !== 'map' || value.entries.size < (shape.minProperties ?? 0)
  if (empty) report(value.at, `${path}: expected ${describe(shape)}, received ${received(value, false)}${example}`)
  if (value.kind !== 'map') return undefined
  const { maxProperties = Infinity, propertyNames } = shape
  if (value.entries.size > maxProperties) report(value.at, `${path}: expected at most ${maxProperties}, received ${value.entries.size}`)
  const found = new Map<string, unknown>()
  for (const [key, entry] of value.entries) {
    const [, item] = Object.entries(patterns).find(([pattern]) => new RegExp(pattern).test(key)) ?? []
    if (propertyNames?.not.enum.includes(key)) report(entry.at, `${path}: the ${id} ${quote(key)} is taken: ${propertyNames.description}`)
    if (!item) report(entry.at, `${path}: the ${id} ${quote(key)} may hold letters, digits, - and _, at most 64 of them${idHint(key, id === 'id')}`)
    else if (!item.properties) found.set(key, check(item, entry.value, `${path}.${key}`, report))
    else found.set(key, checkMap(item, item.properties, entry.value, `${path}.${key}`, report, entry.at))
  }
  return found
}

/** Chooses by the tag first, so that the faults are about what was meant and not about every kind there is. */
function checkUnion (shape: Shape, options: Shape[], value: Value, path: string, report: Report): unknown {
  const text = options.find(option => option.type === 'string')
  if (value.kind === 'scalar' && text && value.value !== null) return checkScalar(text, value, path, report)
  const maps = options.filter(option => option.properties)
  const tag = maps[0] && tagOf(maps[0])
  if (value.kind !== 'map' || !tag) return wrongKind(shape, value, path, report)
  const kinds = maps.map(option => option.properties?.[tag]?.const ?? '')
  const written = value.entries.get(tag)?.value
  if (!written) {
    report(value.at, `${path}: ${tag} is missing; expected ${words(kinds)}`)
    return undefined
  }
  const chosen = maps[kinds.findIndex(kind => written.kind === 'scalar' && written.text === kind)]
  if (!chosen?.properties) {
    const near = written.kind === 'scalar' ? didYouMean(written.text, kinds) : ''
    report(written.at, `${path}.${tag}: expected ${words(kinds)}, received ${received(written, false)}${near}`)
    return undefined
  }
  let sound = true
  const checked = checkMap(chosen, chosen.properties, value, path, (at, message) => {
    sound = false
    report(at, message)
  })
  return sound ? checked : undefined
}

function wrongKind (shape: Shape, value: Value, path: string, report: Report): undefined {
  const glued = value.kind === 'scalar' && gluedKey(value.text)
  const problem = glued ? noBlank(glued) : `expected ${describe(shape)}, received ${received(value, isSecret(path))}`
  report(value.at, `${path || 'the file'}: ${problem}`)
}

const isSecret = (path: string): boolean => /(^|\.)(password|source|url)$|^cameras\.[^.]+$/.test(path)

/** Whether people see the text. */
const isShown = (path: string): boolean => /^cameras\.[^.]+\.name$/.test(path)
