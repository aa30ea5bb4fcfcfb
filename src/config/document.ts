import {
  isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit,
  type Alias, type Document, type Node, type Scalar, type YAMLError, type YAMLMap
} from 'yaml'
import { doubtAbout } from './doubts.js'
import { quote, type At, type Report } from './fault.js'
import { substitute, type Surroundings } from './substitute.js'
import { syntaxMessage, syntaxMessages } from './syntax.js'
import type { MapValue, ScalarValue, Value } from './value.js'

const deepest = 16
const mostValues = 100_000
/** Blocks nested some thousand deep make V8 abort the whole process while the YAML parser is in them. */
const tooDeep = /^[ \t:?-]{200}/m

/**
 * Reads YAML into values with places: aliases and merge keys followed, `${…}` filled in. Bounded in depth and in number, so
 * that a few aliases cannot unfold into gigabytes. Undefined if the text is not YAML (which is reported) or empty. `warn` gets
 * what is good YAML and probably a mistake.
 */
export function readDocument (text: string, surroundings: Surroundings, report: Report, warn: Report): Value | undefined {
  const lines = new LineCounter()
  const at = (offset: number): At => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const deep = tooDeep.exec(text)
  if (deep) {
    report({ line: text.slice(0, deep.index).split('\n').length, column: 1 }, syntaxMessages.RESOURCE_EXHAUSTION)
    return undefined
  }
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, uniqueKeys: false })
  const { errors, warnings, contents } = document
  for (const { code, pos } of onePerLine([...errors, ...warnings], at)) report(at(pos[0]), syntaxMessage(code, lineAround(text, pos[0])))
  if (errors.length > 0 || !contents) return undefined
  try {
    return new Reader(text, at, aliasTargets(document), surroundings, report, warn).read(contents)
  } catch (error) {
    if (!(error instanceof Unbounded)) throw error
    report(at(error.offset), 'too deeply nested, or too many values behind aliases')
    return undefined
  }
}

/** What follows the first mistake of a line is mostly the parser's confusion about it. */
function onePerLine (problems: YAMLError[], at: (offset: number) => At): YAMLError[] {
  const seen = new Set<number>()
  return problems.filter(({ pos }) => seen.size < seen.add(at(pos[0]).line).size)
}

/** Which node each alias means: the last one with its anchor before it. (`alias.resolve` walks the whole file for each.) */
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

const restOfLine = (text: string, offset: number): string => /^[^\r\n]*/.exec(text.slice(offset, offset + 1_000))![0]

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
  readonly #surroundings: Surroundings
  readonly #report: Report
  readonly #warn: Report
  #left = mostValues

  constructor (text: string, at: (offset: number) => At, targets: Map<Alias, Node>, surroundings: Surroundings, report: Report, warn: Report) {
    this.#text = text
    this.#warn = warn
    this.#at = at
    this.#targets = targets
    this.#surroundings = surroundings
    this.#report = report
  }

  read (node: unknown, depth = 0): Value | undefined {
    if (!isNode(node)) return undefined
    const offset = node.range?.[0] ?? 0
    if (depth > deepest || this.#left-- === 0) throw new Unbounded(offset)
    if (isScalar(node)) return this.#scalar(node, this.#at(offset))
    if (isMap(node)) return this.#map(node, this.#at(offset), depth)
    if (isSeq(node)) return { kind: 'list', at: this.#at(offset), items: node.items.flatMap(item => this.read(item, depth + 1) ?? []) }
    if (!isAlias(node)) return undefined
    const target = this.#targets.get(node)
    if (!target) this.#report(this.#at(offset), `nothing is anchored (&) by the name of this alias; ${syntaxMessages.BAD_SCALAR_START}`)
    return this.read(target, depth + 1)
  }

  #scalar (scalar: Scalar, at: At): ScalarValue {
    const { value } = scalar
    const source = scalar.source ?? ''
    if (typeof value !== 'string') return { kind: 'scalar', at, value, text: source }
    let broken = false
    const filledIn: string[] = []
    const text = substitute(value, this.#surroundings, problem => {
      broken = true
      this.#report(at, problem)
    }, secret => filledIn.push(secret))
    return { kind: 'scalar', at, value: text, text, ...(text !== value && { written: value, filledIn, broken }) }
  }

  #map (map: YAMLMap, at: At, depth: number): MapValue {
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
      this.#doubt(name, value)
      const entry: Value | undefined = value === null ? { kind: 'scalar', at: keyAt, value, text: '' } : this.read(value, depth + 1)
      if (!isScalar(keyNode) || name === '') this.#report(keyAt, 'expected a key and a colon, for example name: Entrance')
      else if (entries.has(name)) this.#report(keyAt, `the key ${quote(name)} is given twice; first in line ${entries.get(name)?.at.line}; join the two, or keep one`)
      else if (entry) entries.set(name, { at: keyAt, value: entry })
    }
    for (const value of merged) this.#merge(value, entries, at, depth)
    return { kind: 'map', at, entries }
  }

  #doubt (key: string, written: unknown): void {
    const node = isAlias(written) ? this.#targets.get(written) : written
    if (!isScalar(node) || node.type !== 'PLAIN' || typeof node.value !== 'string' || !node.range) return
    const [start, end] = node.range
    const doubt = doubtAbout(key, node.value, restOfLine(this.#text, end))
    if (doubt) this.#warn(this.#at(start), doubt)
  }

  /** What a map says itself wins over what it merges in. */
  #merge (value: unknown, entries: MapValue['entries'], at: At, depth: number): void {
    for (const node of isSeq(value) ? value.items : [value]) {
      const from = this.read(node, depth + 1)
      if (from?.kind !== 'map') this.#report(from?.at ?? at, 'expected a map behind <<, for example <<: *base')
      else for (const [name, entry] of from.entries) if (!entries.has(name)) entries.set(name, entry)
    }
  }
}
