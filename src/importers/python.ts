import { unreadable, type ForeignFile } from './imported.js'
import { readTokens, type Token } from './python-tokens.js'
import type { Template } from './template.js'

/** A value that stands in the file. `text` holds the template's word for each environment variable. */
export type Literal =
  | { kind: 'text', text: string, line: number }
  | { kind: 'number', number: number, line: number }
  | { kind: 'flag', flag: boolean, line: number }
  | { kind: 'none', line: number }
  | { kind: 'list', items: Literal[], line: number }
  | { kind: 'map', entries: Array<[key: Literal, value: Literal]>, line: number }
  /** Python has to run to know it. */
  | { kind: 'computed', why: string, line: number }

const MAX_DEPTH = 20
const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' }
const ENVIRONMENT = new Set(['os.environ', 'environ', 'os.getenv', 'getenv', 'os.environ.get', 'environ.get'])
const COMPUTED = 'it is computed when Python runs; camgate reads only what is written out'

/** The assignments of a Python file, `NAME = value`, at any indentation: the last one of each name. Nothing is run. @throws {CamgateError} IMPORT */
export function readAssignments (file: ForeignFile, template: Template): Map<string, Literal> {
  const reader = new Reader(file, template)
  reader.readAll()
  return reader.assigned
}

class Reader {
  readonly assigned = new Map<string, Literal>()
  readonly #file: ForeignFile
  readonly #template: Template
  readonly #tokens: readonly Token[]
  #at = 0

  constructor (file: ForeignFile, template: Template) {
    this.#file = file
    this.#template = template
    this.#tokens = readTokens(file)
  }

  readAll (): void {
    while (this.#at < this.#tokens.length) {
      const name = this.#assignedName()
      if (name !== undefined) this.assigned.set(name, this.#expression(0))
      while (this.#next().kind !== 'newline') this.#at++
      this.#at++
    }
  }

  /** Goes past `NAME =` or `NAME: type =`. */
  #assignedName (): string | undefined {
    const { kind, value } = this.#next()
    if (kind !== 'name') return undefined
    let at = this.#at + 1
    if (this.#tokens[at]?.value === ':' && this.#tokens[at]?.kind === 'sign') while (this.#tokens[at] && this.#tokens[at]!.kind !== 'newline' && this.#tokens[at]!.value !== '=') at++
    const isSign = (token: Token | undefined) => token?.kind === 'sign' && token.value === '='
    if (!isSign(this.#tokens[at]) || isSign(this.#tokens[at + 1])) return undefined
    this.#at = at + 1
    return value
  }

  /** A value up to the comma, colon, bracket or line break that ends it. What it cannot read up to there is computed. */
  #expression (depth: number): Literal {
    let value = this.#operand(depth)
    while (this.#isSign('+')) {
      this.#at++
      const more = this.#operand(depth)
      value = value.kind === 'text' && more.kind === 'text' ? { ...value, text: value.text + more.text } : { kind: 'computed', why: COMPUTED, line: value.line }
    }
    return this.#isEnd() ? value : this.#skip({ kind: 'computed', why: COMPUTED, line: value.line })
  }

  #operand (depth: number): Literal {
    const { kind, value, line } = this.#next()
    if (depth > MAX_DEPTH) throw unreadable({ file: this.#file.path, line }, 'too deeply nested')
    if (kind === 'text' || kind === 'format') return this.#text(line)
    if (kind === 'name') return this.#name(line)
    if (kind === 'number') {
      this.#at++
      return { kind: 'number', number: Number(value.replaceAll('_', '')), line }
    }
    if (value === '[' || value === '(') return this.#list(value, depth, line)
    if (value === '{') return this.#map(depth, line)
    return { kind: 'computed', why: COMPUTED, line }
  }

  /** Texts side by side are one. */
  #text (line: number): Literal {
    let text = ''
    let formatted = false
    for (; this.#next().kind === 'text' || this.#next().kind === 'format'; this.#at++) {
      formatted ||= this.#next().kind === 'format'
      text += this.#next().value
    }
    return formatted ? { kind: 'computed', why: 'an f-string is filled in when Python runs; write it out, or ${NAME} for what comes from the environment', line } : { kind: 'text', text, line } // eslint-disable-line no-template-curly-in-string -- as in cameras.yaml
  }

  #name (line: number): Literal {
    const name = this.#tokens[this.#at++]!.value
    if (name === 'True' || name === 'False') return { kind: 'flag', flag: name === 'True', line }
    if (name === 'None') return { kind: 'none', line }
    let path = name
    while (this.#isSign('.') && this.#tokens[this.#at + 1]?.kind === 'name') {
      path += `.${this.#tokens[this.#at + 1]!.value}`
      this.#at += 2
    }
    if (ENVIRONMENT.has(path) && (this.#isSign('[') || this.#isSign('('))) {
      const { kind, value } = this.#tokens[this.#at + 1]!
      this.#past()
      return kind === 'text' && /^[A-Za-z_]\w*$/.test(value) ? { kind: 'text', text: this.#template.put(value), line } : { kind: 'computed', why: COMPUTED, line }
    }
    const known = this.assigned.get(path)
    return known && this.#isEnd(['+']) ? { ...known, line } : { kind: 'computed', why: COMPUTED, line }
  }

  #list (open: string, depth: number, line: number): Literal {
    this.#at++
    const items: Literal[] = []
    let commas = 0
    for (; !this.#isClosed(open); commas += this.#pastComma()) items.push(this.#expression(depth + 1))
    this.#at++
    return open === '(' && items.length === 1 && commas === 0 ? items[0]! : { kind: 'list', items, line } // (x) is x
  }

  #map (depth: number, line: number): Literal {
    this.#at++
    const entries: Array<[Literal, Literal]> = []
    for (; !this.#isClosed('{'); this.#pastComma()) {
      const key = this.#expression(depth + 1)
      if (!this.#isSign(':')) continue // a set, or **other
      this.#at++
      entries.push([key, this.#expression(depth + 1)])
    }
    this.#at++
    return { kind: 'map', entries, line }
  }

  #next (): Token { return this.#tokens[this.#at] ?? this.#tokens.at(-1)! }

  #isSign (sign: string): boolean { return this.#next().kind === 'sign' && this.#next().value === sign }

  #isEnd (more: readonly string[] = []): boolean {
    const { kind, value } = this.#next()
    return kind === 'newline' || (kind === 'sign' && [',', ':', ')', ']', '}', ';', ...more].includes(value))
  }

  /** Whether a bracket ends here. At the end of the file, it was never closed. */
  #isClosed (open: string): boolean {
    if (this.#at >= this.#tokens.length - 1) throw unreadable({ file: this.#file.path, line: this.#next().line }, `a ${open} is not closed`)
    return [')', ']', '}'].some(sign => this.#isSign(sign))
  }

  /** Returns how many commas it went past, 0 or 1. */
  #pastComma (): number {
    if (this.#isSign(',') || this.#isSign(':')) {
      this.#at++
      return 1
    }
    return 0
  }

  /** Goes to the end of an expression that is not read. */
  #skip (value: Literal): Literal {
    while (!this.#isEnd()) {
      if (this.#next().kind === 'sign' && CLOSING[this.#next().value]) this.#past()
      else this.#at++
    }
    return value
  }

  /** Goes past a bracket and all that is in it. */
  #past (): void {
    let open = 0
    do {
      const { kind, value } = this.#next()
      if (kind === 'sign' && CLOSING[value]) open++
      if (kind === 'sign' && Object.values(CLOSING).includes(value)) open--
      this.#at++
    } while (open > 0 && this.#at < this.#tokens.length)
  }
}
