import {
  isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit,
  type Alias, type Document, type Node, type Scalar, type YAMLError, type YAMLMap
} from 'yaml'
import { quote } from '../text/printable.js'
import type { At, Report } from './diagnostic.js'
import { doubtAbout } from './doubts.js'
import { substitute, type Surroundings } from './substitute.js'
import { syntaxMessage, syntaxMessages } from './syntax.js'
import type { MapValue, ScalarValue, Value } from './value.js'
import type { Vocabulary } from './vocabulary.js'

export interface ReadOptions {
  readonly vocabulary: Pick<Vocabulary, 'keys' | 'freeText'>
  /** Without them, `${…}` stays as it is written. */
  readonly surroundings?: Surroundings
  /** Receives every mistake. */
  readonly report: Report
  /** Receives valid YAML that is probably a mistake. */
  readonly warn: Report
}

/** The reader itself looks for keys that are given twice. */
export const YAML_OPTIONS = { merge: true, prettyErrors: false, uniqueKeys: false } as const

const MAX_DEPTH = 16
const MAX_VALUES = 100_000
/** A few thousand nested blocks make V8 abort the whole process inside the YAML parser. */
const DEEP_NESTING = /^[ \t:?-]{200}/m

/**
 * Parses YAML into values with positions. Follows aliases and merge keys, and replaces `${…}`. Depth and number of values are bounded, so that
 * a few aliases cannot unfold into gigabytes. Returns undefined for an empty text, and for one that is not YAML, which is reported.
 */
export function readDocument (text: string, options: ReadOptions): Value | undefined {
  const { vocabulary, report } = options
  const lines = new LineCounter()
  const at = (offset: number): At => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const deep = DEEP_NESTING.exec(text)
  if (deep) {
    report({ line: text.slice(0, deep.index).split('\n').length, column: 1 }, syntaxMessages.RESOURCE_EXHAUSTION)
    return undefined
  }
  const document = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines })
  const { errors, warnings, contents } = document
  for (const { code, pos } of onePerLine([...errors, ...warnings], at)) report(at(pos[0]), syntaxMessage(code, lineAround(text, pos[0]), vocabulary.keys))
  if (errors.length > 0 || !contents) return undefined
  try {
    return new Reader(text, at, aliasTargets(document), options).read(contents)
  } catch (error) {
    if (!(error instanceof Unbounded)) throw error
    report(at(error.offset), 'too deeply nested, or too many values through aliases')
    return undefined
  }
}

/** After the first mistake of a line, the parser usually reports only consequences of it. */
function onePerLine (problems: YAMLError[], at: (offset: number) => At): YAMLError[] {
  const seen = new Set<number>()
  return problems.filter(({ pos }) => seen.size < seen.add(at(pos[0]).line).size)
}

/** The node that each alias refers to: the last one before it with its anchor. (`alias.resolve` walks the whole file for each alias.) */
function aliasTargets (document: Document.Parsed): Map<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Alias (_, alias) {
      const target = anchors.get(alias.source)
      if (target) targets.set(alias, target)
    },
    Value (_, node) {
      if (node.anchor) anchors.set(node.anchor, node)
    }
  })
  return targets
}

const lineAround = (text: string, offset: number): string => {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return restOfLine(text, start)
}

const MAX_LINE_CHARS = 1_000
const restOfLine = (text: string, offset: number): string => /^[^\r\n]*/.exec(text.slice(offset, offset + MAX_LINE_CHARS))![0]

class Unbounded extends Error {
  readonly offset: number

  constructor (offset: number) {
    super('unbounded')
    this.offset = offset
  }
}

class Reader {
  readonly #text: string
  readonly #at: (offset: number) => At
  readonly #targets: Map<Alias, Node>
  readonly #options: ReadOptions
  #valuesLeft = MAX_VALUES

  constructor (text: string, at: (offset: number) => At, targets: Map<Alias, Node>, options: ReadOptions) {
    this.#text = text
    this.#at = at
    this.#targets = targets
    this.#options = options
  }

  read (node: unknown, depth = 0): Value | undefined {
    if (!isNode(node)) return undefined
    const offset = node.range?.[0] ?? 0
    if (depth > MAX_DEPTH || this.#valuesLeft-- === 0) throw new Unbounded(offset)
    if (isScalar(node)) return this.#scalar(node, this.#at(offset))
    if (isMap(node)) return this.#map(node, this.#at(offset), depth)
    if (isSeq(node)) return { kind: 'list', at: this.#at(offset), items: node.items.flatMap(item => this.read(item, depth + 1) ?? []) }
    if (!isAlias(node)) return undefined
    const target = this.#targets.get(node)
    if (!target) this.#options.report(this.#at(offset), `nothing is anchored (&) by the name of this alias; ${syntaxMessages.BAD_SCALAR_START}`)
    return this.read(target, depth + 1)
  }

  #scalar (scalar: Scalar, at: At): ScalarValue {
    const { value } = scalar
    const source = scalar.source ?? ''
    const { surroundings } = this.#options
    if (typeof value !== 'string') return { kind: 'scalar', at, value, text: source }
    if (!surroundings) return { kind: 'scalar', at, value, text: value }
    let broken = false
    const filledIn: string[] = []
    const text = substitute(value, surroundings, problem => {
      broken = true
      this.#options.report(at, problem)
    }, secret => filledIn.push(secret))
    return { kind: 'scalar', at, value: text, text, ...(text !== value && { written: value, filledIn, broken }) }
  }

  #map (map: YAMLMap, at: At, depth: number): MapValue {
    const { report } = this.#options
    const entries: MapValue['entries'] = new Map()
    const merged: unknown[] = []
    for (const { key, value } of map.items) {
      const keyNode = isAlias(key) ? this.#targets.get(key) : key
      const keyAt = this.#at(isNode(key) ? key.range?.[0] ?? 0 : 0)
      const name = isScalar(keyNode) ? keyNode.source ?? '' : ''
      if (name === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') {
        merged.push(value)
        continue
      }
      this.#warnOfDoubt(name, value)
      const entry: Value | undefined = value === null ? { kind: 'scalar', at: keyAt, value, text: '' } : this.read(value, depth + 1)
      if (!isScalar(keyNode) || name === '') report(keyAt, 'expected a key and a colon, for example name: Entrance')
      else if (entries.has(name)) report(keyAt, `the key ${quote(name)} is given twice; first in line ${entries.get(name)?.at.line}; join the two, or keep one`)
      else if (entry) entries.set(name, { at: keyAt, value: entry })
    }
    for (const value of merged) this.#merge(value, entries, at, depth)
    return { kind: 'map', at, entries }
  }

  #warnOfDoubt (key: string, written: unknown): void {
    const node = isAlias(written) ? this.#targets.get(written) : written
    if (!isScalar(node) || node.type !== 'PLAIN' || typeof node.value !== 'string' || !node.range) return
    const [start, end] = node.range
    const doubt = doubtAbout(key, node.value, restOfLine(this.#text, end), this.#options.vocabulary.freeText)
    if (doubt) this.#options.warn(this.#at(start), doubt)
  }

  /** A map's own keys take precedence over those that it merges in. */
  #merge (value: unknown, entries: MapValue['entries'], at: At, depth: number): void {
    for (const node of isSeq(value) ? value.items : [value]) {
      const from = this.read(node, depth + 1)
      if (from?.kind !== 'map') this.#options.report(from?.at ?? at, 'expected a map after <<, for example <<: *base')
      else for (const [name, entry] of from.entries) if (!entries.has(name)) entries.set(name, entry)
    }
  }
}
