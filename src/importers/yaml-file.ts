import type { At } from '../yaml/diagnostic.js'
import { readDocument } from '../yaml/document.js'
import type { MapValue, Value } from '../yaml/value.js'
import { unreadable, type ForeignFile, type Imported, type Place } from './imported.js'

/** The top-level map of a YAML file of another program; undefined if the text is not one. */
export function readYamlMap (text: string): MapValue | undefined {
  const value = read(text, () => {})
  return value?.kind === 'map' ? value : undefined
}

/** The same for an importer. Mistakes that leave the file readable are remarks. @throws {CamgateError} IMPORT */
export function openYaml ({ path, text }: ForeignFile, imported: Imported): MapValue {
  const problems: Array<At & { message: string }> = []
  const value = read(text, (at, message) => problems.push({ ...at, message }))
  if (value?.kind !== 'map') throw unreadable({ file: path, line: problems[0]?.line ?? 1 }, problems[0]?.message ?? 'this is not a YAML map')
  for (const { line, message } of problems) imported.remark({ file: path, line }, message)
  return value
}

const read = (text: string, report: (at: At, message: string) => void) => readDocument(text, { vocabulary: { keys: new Set(), freeText: new Set() }, report, warn: () => {} })

export const placeOf = ({ path }: ForeignFile, { at: { line } }: { at: At }): Place => ({ file: path, line })

/** The value under a key of a map. */
export const get = (value: Value | undefined, key: string): Value | undefined => value?.kind === 'map' ? value.entries.get(key)?.value : undefined

/** The text under a key of a map; undefined if there is none. */
export function textAt (value: Value | undefined, key: string): string | undefined {
  const found = get(value, key)
  return found?.kind === 'scalar' && found.value !== null ? found.text : undefined
}

/** The number under a key of a map, if it is within these bounds. */
export function numberAt (value: Value | undefined, key: string, min: number, max: number): number | undefined {
  const number = Number(textAt(value, key) ?? NaN)
  return number >= min && number <= max ? number : undefined
}

/** A YAML 1.1 boolean, as Go programs and PyYAML write them. */
export function flagAt (value: Value | undefined, key: string): boolean | undefined {
  const text = textAt(value, key)?.toLowerCase() ?? ''
  return ['yes', 'true', 'on'].includes(text) ? true : ['no', 'false', 'off'].includes(text) ? false : undefined
}
