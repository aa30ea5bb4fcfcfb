import { Scalar, stringify, visit, YAMLMap, Document } from 'yaml'
import { isPrintable } from '../../text/printable.js'
import { doubtAbout } from '../doubts.js'
import { isPlainMap, type Plain } from './plain.js'

export interface RenderOptions {
  /** Whether the value goes into `{ }` or `[ ]`. */
  readonly flow?: boolean
  /** The value that it replaces, whose quotes it keeps. */
  readonly like?: unknown
}

const STYLE = { lineWidth: 0, blockQuote: false, doubleQuotedMinMultiLineLength: Infinity } as const
const NO_KEYS: ReadonlySet<string> = new Set()

/** YAML of a value on one line, as it follows a key and its colon. */
export function render (value: Plain, { flow = false, like }: RenderOptions = {}): string {
  const node = new Document(value).contents
  visit(node, {
    Collection (_, collection) { collection.flow = true },
    Scalar (_, scalar) { if (typeof scalar.value === 'string') scalar.type = quotesFor(scalar.value, like) }
  })
  const map = new YAMLMap()
  map.set('k', node)
  map.flow = flow
  const text = stringify(map, STYLE).trimEnd()
  return flow ? text.slice('{ k: '.length, -' }'.length) : text.slice('k: '.length)
}

function quotesFor (text: string, like: unknown): Scalar.Type {
  if (!isPrintable(text)) return Scalar.QUOTE_DOUBLE
  if (like instanceof Scalar && (like.type === Scalar.QUOTE_SINGLE || like.type === Scalar.QUOTE_DOUBLE)) return like.type
  return doubtAbout('', text, '', NO_KEYS) === undefined ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE
}

/** A key as YAML. Numbers stay without quotes: the reader takes keys as they are spelled. */
export const renderKey = (key: string): string => /^\w[\w-]*$/.test(key) ? key : JSON.stringify(key)

/** A key and its value on lines of their own; each key of a map has a line, and maps within it have braces. */
export const renderLines = (key: string, value: Plain, indent: string, step: number): string[] => isPlainMap(value)
  ? [`${indent}${renderKey(key)}:`, ...Object.entries(value).map(([inner, each]) => `${indent}${' '.repeat(step)}${renderKey(inner)}: ${render(each)}`)]
  : [`${indent}${renderKey(key)}: ${render(value)}`]
