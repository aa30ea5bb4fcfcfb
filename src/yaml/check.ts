import { Value as Schema } from 'typebox/value'
import { didYouMean } from '../text/nearest.js'
import { quote } from '../text/printable.js'
import type { At, Report } from './diagnostic.js'
import { describe, received, tagOf, words, type Shape } from './expected.js'
import { beforeColon, gluedKey, spaceMissing } from './glued.js'
import { unknownKey, valueHint } from './hints.js'
import type { ScalarValue, Value } from './value.js'
import type { Vocabulary } from './vocabulary.js'

/**
 * Checks values of a file against their schemas. Returns plain objects, or a Map in the order of the file if the schema has
 * `patternProperties`. Reports every mistake and leaves out its value. A member of a union is returned whole or left out.
 */
export class Checker {
  readonly #vocabulary: Vocabulary
  readonly #report: Report

  constructor (vocabulary: Vocabulary, report: Report) {
    this.#vocabulary = vocabulary
    this.#report = report
  }

  /** @param path the value's place, such as `cameras.1.fps`; empty for the whole file */
  check (shape: Shape, value: Value, path = ''): unknown {
    const literal = value.kind === 'scalar' && /(?<!\$)\$\{/.test(value.written ?? '') && this.#vocabulary.whyLiteral(path)
    if (literal) {
      this.#report(value.at, `${path}: ${literal}; a literal '\${' is written '$\${'`)
      return undefined
    }
    if (value.kind === 'scalar' && value.broken) return undefined
    if (shape.anyOf?.some(option => option.properties)) return this.#union(shape, shape.anyOf, value, path)
    const list = shape.anyOf?.find(option => option.items)
    if (list?.items && value.kind === 'list') return this.#list({ ...shape, ...list }, list.items, value, path)
    if (shape.properties) return this.#map(shape, shape.properties, value, path)
    if (shape.patternProperties) return this.#record(shape, shape.patternProperties, value, path)
    if (shape.items) return this.#list(shape, shape.items, value, path)
    return this.#scalar(shape, value, path)
  }

  #scalar (shape: Shape, value: Value, path: string): unknown {
    if (value.kind === 'scalar') {
      const converted = convert(shape, value)
      if (Schema.Check(shape, converted)) return converted
    }
    const near = value.kind === 'scalar' && shape.anyOf ? didYouMean(value.text, shape.anyOf.map(describe)) : ''
    const hint = value.kind === 'scalar' ? valueHint(shape, value, path, this.#vocabulary) : ''
    const wanted = shape.anyOf && !shape.title ? words(shape.anyOf.map(describe)) : describe(shape)
    this.#report(value.at, `${path}: expected ${wanted}, received ${this.#received(value, path)}${near}${hint}`)
    return undefined
  }

  /** A list, like a member of a union, is returned whole or left out: without an item it would mean something else. */
  #list (shape: Shape, items: Shape, value: Value, path: string): unknown[] | undefined {
    const { minItems = 0, maxItems = Infinity } = shape
    if (value.kind !== 'list' || value.items.length < minItems || value.items.length > maxItems) return this.#wrongKind(shape, value, path)
    const found = value.items.map((item, index) => this.check(items, item, `${path}[${index}]`))
    return found.includes(undefined) ? undefined : found
  }

  #map (shape: Shape, properties: Record<string, Shape>, value: Value, path: string, at: At = value.at): Record<string, unknown> | undefined {
    if (value.kind !== 'map' || value.entries.size < (shape.minProperties ?? 0)) return this.#wrongKind(shape, value, path)
    const found: Record<string, unknown> = {}
    for (const [key, entry] of value.entries) {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined
      if (!property) {
        const free = Object.keys(shape.patternProperties ?? {}).some(pattern => new RegExp(pattern).test(key))
        if (!free) this.#report(entry.at, `${path ? `${path}: ` : ''}${unknownKey(key, Object.keys(properties), path, this.#vocabulary)}`)
        continue
      }
      const checked = this.check(property, entry.value, path ? `${path}.${key}` : key)
      if (checked !== undefined) found[key] = checked
    }
    for (const key of shape.required ?? []) {
      if (!value.entries.has(key)) this.#report(at, `${path ? `${path}: ` : ''}${key} is missing; expected ${describe(properties[key] ?? {})}`)
    }
    return found
  }

  /** A map whose keys users choose. */
  #record (shape: Shape, patterns: Record<string, Shape>, value: Value, path: string): Map<string, unknown> | undefined {
    const empty = value.kind !== 'map' || value.entries.size < (shape.minProperties ?? 0)
    if (empty) this.#report(value.at, `${path}: expected ${describe(shape)}, received ${received(value, false)}${this.#vocabulary.exampleOf(path)}`)
    if (value.kind !== 'map') return undefined
    const noun = this.#vocabulary.nounFor(path)
    const { maxProperties = Infinity, propertyNames } = shape
    if (value.entries.size > maxProperties) this.#report(value.at, `${path}: expected at most ${maxProperties}, received ${value.entries.size}`)
    const found = new Map<string, unknown>()
    for (const [key, entry] of value.entries) {
      const [, item] = Object.entries(patterns).find(([pattern]) => new RegExp(pattern).test(key)) ?? []
      if (propertyNames?.not.enum.includes(key)) this.#report(entry.at, `${path}: the ${noun} ${quote(key)} is taken: ${propertyNames.description}`)
      if (!item) this.#report(entry.at, `${path}: the ${noun} ${quote(beforeColon(key))} ${this.#vocabulary.nameRule(path)}${this.#vocabulary.nameHint(key, path)}`)
      else if (!item.properties) found.set(key, this.check(item, entry.value, `${path}.${key}`))
      else found.set(key, this.#map(item, item.properties, entry.value, `${path}.${key}`, entry.at))
    }
    return found
  }

  /** Chooses the member by its tag first, so that messages are only about the kind that was meant. A map that is the only one needs no tag. */
  #union (shape: Shape, options: Shape[], value: Value, path: string): unknown {
    const text = options.find(option => option.type === 'string' && option.const === undefined)
    if (value.kind === 'scalar' && text && value.value !== null) return this.#scalar(text, value, path)
    const maps = options.filter(option => option.properties)
    const tag = maps[0] && tagOf(maps[0])
    if (maps.length === 1 && !tag) return value.kind === 'map' ? this.#whole(maps[0]!, value, path) : this.#scalar(shape, value, path)
    if (value.kind !== 'map' || !tag) return this.#wrongKind(shape, value, path)
    const kinds = maps.map(option => option.properties?.[tag]?.const ?? '')
    const written = value.entries.get(tag)?.value
    if (!written) {
      this.#report(value.at, `${path}: ${tag} is missing; expected ${words(kinds)}`)
      return undefined
    }
    const chosen = maps[kinds.findIndex(kind => written.kind === 'scalar' && written.text === kind)]
    if (!chosen?.properties) {
      const near = written.kind === 'scalar' ? didYouMean(written.text, kinds) : ''
      this.#report(written.at, `${path}.${tag}: expected ${words(kinds)}, received ${received(written, false)}${near}`)
      return undefined
    }
    return this.#whole(chosen, value, path)
  }

  /** A map without mistakes, or nothing. */
  #whole (shape: Shape, value: Value, path: string): Record<string, unknown> | undefined {
    let valid = true
    const noting = new Checker(this.#vocabulary, (at, message) => {
      valid = false
      this.#report(at, message)
    })
    const checked = noting.#map(shape, shape.properties ?? {}, value, path)
    return valid ? checked : undefined
  }

  #wrongKind (shape: Shape, value: Value, path: string): undefined {
    const glued = value.kind === 'scalar' && gluedKey(value.text, this.#vocabulary.keys)
    const problem = glued ? spaceMissing(glued) : `expected ${describe(shape)}, received ${this.#received(value, path)}`
    this.#report(value.at, `${path || 'the file'}: ${problem}`)
  }

  #received (value: Value, path: string): string {
    return received(value, this.#vocabulary.isSecret(path))
  }
}

/** `name: 7` becomes text because names are text, and `fps: ${FPS}` becomes a number because a rate is one. */
function convert (shape: Shape, { value, text, written }: ScalarValue): unknown {
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
