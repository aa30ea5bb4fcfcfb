import { isCollection, isMap, type Pair, type YAMLMap } from 'yaml'
import { flowText } from './flow.js'
import { CannotEdit, changesOf, endOf, rangeOf, startOf, wayOf, type Change } from './nodes.js'
import type { Plain, PlainMap } from './plain.js'
import { render, renderKey, renderLines } from './render.js'

interface Splice { readonly start: number, readonly end: number, readonly text: string }

/** Changes maps whose keys each have a line of their own. Collects what to change in the text, so that every other line stays as it is. */
export class BlockEditor {
  readonly #text: string
  readonly #newline: string
  readonly #shortKey: string
  readonly #splices: Splice[] = []
  /** Spaces by which a map is indented below its key. */
  readonly #step: number

  constructor (text: string, root: YAMLMap, shortKey: string) {
    this.#text = text
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n'
    this.#shortKey = shortKey
    const inner = root.items.find(({ value }) => isMap(value) && !value.flow && value.items.length > 0)?.value as YAMLMap | undefined
    this.#step = inner ? Math.max(1, this.#columnOf(startOf(inner.items[0]!))) : 2
  }

  /** @throws {CannotEdit} */
  change (map: YAMLMap, before: PlainMap, after: PlainMap, depth = 0): void {
    if (map.flow || map.items.length === 0) {
      this.#splice(...rangeOf(map), flowText(this.#text, map, before, after, this.#shortKey))
      return
    }
    const indent = this.#indentOf(map.items[0]!)
    const added: Array<readonly [string, Plain]> = []
    for (const change of changesOf(map, before, after)) {
      if (change.kind === 'remove') this.#remove(map, change.pair, depth)
      else if (change.kind === 'change') this.#changeValue(change, indent, depth)
      else if (change.kind === 'add') added.push([change.key, change.after])
    }
    if (added.length > 0) this.#insert(map, added, indent, depth)
  }

  /** The text after all changes, the last first. */
  result (): string {
    return this.#splices.reverse().sort((a, b) => b.start - a.start || b.end - a.end)
      .reduce((text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end), this.#text)
  }

  #changeValue ({ pair, before, after }: Change & { kind: 'change' }, indent: string, depth: number): void {
    const { value } = pair
    const way = wayOf(value, before, after, this.#shortKey)
    const below = indent + ' '.repeat(this.#step)
    if (way.kind === 'within') this.change(way.map, way.before, way.after, depth + 1)
    else if (way.kind === 'replace') this.#replace(pair, after)
    else {
      const [start, end] = rangeOf(value)
      const key = way.kind === 'beside' ? '<<' : this.#shortKey
      const keyEnd = this.#afterColon(pair)
      const lead = this.#text.slice(keyEnd, start)
      if (lead.trim() !== '' && (lead.includes('#') || way.kind === 'beside')) throw new CannotEdit('a comment or an anchor stands in the way')
      this.#splice(keyEnd, start, `${this.#newline}${below}${key}: ${lead.trim() === '' ? '' : `${lead.trim()} `}`)
      if (way.kind === 'wrap' && way.scalar !== undefined) this.#splice(start, end, render(way.scalar, { like: value }))
      this.#addLines(this.#lineEnd(end), this.#linesOf(way.added, below, depth + 1))
    }
  }

  #replace (pair: Pair, after: Plain): void {
    const [start, end] = rangeOf(pair.value)
    const afterColon = this.#afterColon(pair)
    const lead = this.#text.slice(afterColon, start)
    const isBlock = isCollection(pair.value) && !pair.value.flow
    const from = isBlock && lead.trim() === '' ? afterColon : start
    const text = `${this.#text[from - 1] === ':' ? ' ' : ''}${render(after, { like: pair.value })}`
    this.#splice(from, end, this.#text[end - 1] === '\n' && end > start ? text + this.#newline : text)
  }

  #insert (map: YAMLMap, added: ReadonlyArray<readonly [string, Plain]>, indent: string, depth: number): void {
    const last = map.items.at(-1)!
    const at = this.#pastComments(this.#lineEnd(endOf(last)), indent.length)
    const isApart = depth === 1 && map.items.length > 1 && /\n[ \t]*\r?\n/.test(this.#text.slice(endOf(map.items.at(-2)!), startOf(last)))
    const lines = isApart ? added.flatMap(entry => ['', ...this.#linesOf([entry], indent, depth)]) : this.#linesOf(added, indent, depth)
    this.#addLines(at, lines)
  }

  /** An item of one of the file's own maps, such as a camera, has lines of its own. Maps within it have braces. */
  #linesOf (added: ReadonlyArray<readonly [string, Plain]>, indent: string, depth: number): string[] {
    return added.flatMap(([key, value]) => depth === 1 ? renderLines(key, value, indent, this.#step) : `${indent}${renderKey(key)}: ${render(value)}`)
  }

  #addLines (at: number, lines: readonly string[]): void {
    if (lines.length === 0) return
    const text = lines.join(this.#newline)
    const endsOpen = at === this.#text.length && this.#text.at(-1) !== '\n'
    this.#splice(at, at, endsOpen ? this.#newline + text : text + this.#newline)
  }

  /** Takes away a pair with the comments that are about it: directly above it, unless it is the first of its map, and those indented below it. */
  #remove (map: YAMLMap, pair: Pair, depth: number): void {
    const indent = this.#indentOf(pair)
    let start = startOf(pair) - indent.length
    while (pair !== map.items[0] && start > 0) {
      const above = this.#text.lastIndexOf('\n', start - 2) + 1
      if (!this.#text.slice(above, start).startsWith(`${indent}#`)) break
      start = above
    }
    let end = this.#pastComments(this.#lineEnd(endOf(pair)), indent.length)
    const above = this.#text.slice(this.#text.lastIndexOf('\n', start - 2) + 1, start)
    if (depth === 1 && above.trim() === '') end += /^(?:[ \t]*\r?\n)*/.exec(this.#text.slice(end))![0].length
    this.#splice(start, end, '')
  }

  /** The position after the lines from `at` on that hold only a comment, indented by more than `indent`. */
  #pastComments (at: number, indent: number): number {
    let end = at
    for (;;) {
      const [line = '', spaces = ''] = /^( *)#.*(\r?\n|$)/.exec(this.#text.slice(end, end + 10_000)) ?? []
      if (line === '' || spaces.length <= indent) return end
      end += line.length
    }
  }

  /** The start of the line after `at`; `at` itself if it starts a line. */
  #lineEnd (at: number): number {
    if (this.#text[at - 1] === '\n') return at
    const newline = this.#text.indexOf('\n', at)
    return newline < 0 ? this.#text.length : newline + 1
  }

  #columnOf (at: number): number {
    return at - (this.#text.lastIndexOf('\n', at - 1) + 1)
  }

  #indentOf (pair: Pair): string {
    const start = startOf(pair)
    const indent = this.#text.slice(start - this.#columnOf(start), start)
    if (indent.trim() !== '') throw new CannotEdit('a key does not begin its line')
    return indent
  }

  #afterColon (pair: Pair): number {
    const [, keyEnd] = rangeOf(pair.key)
    const [colon = ''] = /^[ \t]*:/.exec(this.#text.slice(keyEnd)) ?? []
    if (colon === '') throw new CannotEdit('a key has an unusual form')
    return keyEnd + colon.length
  }

  #splice (start: number, end: number, text: string): void {
    this.#splices.push({ start, end, text })
  }
}
