import { unreadable, type ForeignFile } from './imported.js'

export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'format' | 'sign' | 'newline'
  /** The source text; for a `text`, its value. */
  readonly value: string
  readonly line: number
}

const SPACE = /(?:[ \t\f]|\\\r?\n|#[^\n]*)+/y
const NEWLINE = /\r?\n|\r/y
const NUMBER = /(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
/** A short text ends with its line. */
const TEXT = /([rRbBuUfFtT]{0,2})(?:"""((?:[^\\]|\\[^])*?)"""|'''((?:[^\\]|\\[^])*?)'''|"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)')/y

/** The tokens of Python, as far as assignments of literals need them. Line breaks within brackets are not tokens. @throws {CamgateError} IMPORT */
export function readTokens ({ path, text }: ForeignFile): Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1
  let depth = 0
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  const push = (kind: Token['kind'], value: string) => tokens.push({ kind, value, line })
  while (at < text.length) {
    const space = match(SPACE)
    const newline = space ? null : match(NEWLINE)
    const written = space || newline ? null : match(TEXT)
    const number = space || newline || written ? null : match(NUMBER)
    const name = space || newline || written || number ? null : match(NAME)
    const found = space ?? newline ?? written ?? number ?? name
    const source = found?.[0] ?? text[at]!
    if (newline && depth === 0) push('newline', '')
    else if (written) {
      const [, prefix = '', ...bodies] = written
      const body = bodies.find(part => part !== undefined) ?? ''
      if (/[ft]/i.test(prefix)) push('format', '')
      else push('text', /r/i.test(prefix) ? body : unescaped(body))
    } else if (number) push('number', source)
    else if (name) push('name', source)
    else if (!found) {
      if (source === '"' || source === "'") throw unreadable({ file: path, line }, 'a quote is not closed')
      if ('([{'.includes(source)) depth++
      if (')]}'.includes(source)) depth = Math.max(0, depth - 1)
      push('sign', source)
    }
    line += source.split('\n').length - 1
    at += source.length
  }
  push('newline', '')
  return tokens
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' }

function unescaped (body: string): string {
  return body.replace(/\\(?:\r?\n|x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{1,3})|([^]))/gi, (written, x: string, u: string, long: string, octal: string, char: string | undefined) => {
    const hex = x ?? u ?? long
    const code = hex !== undefined ? parseInt(hex, 16) : octal !== undefined ? parseInt(octal, 8) : undefined
    if (code !== undefined) return code <= 0x10_FFFF ? String.fromCodePoint(code) : written
    if (char === undefined) return ''
    return ESCAPES[char] ?? ('\\\'"'.includes(char) ? char : written)
  })
}
