import { redact } from '../text/redact.js'
import { isPlainMap, plainOf, type Plain, type PlainMap } from '../yaml/edit/plain.js'
import type { Value } from '../yaml/value.js'
import { splitUrl } from './url.js'

/** Stands for a secret. Whoever sends it back leaves the secret as it is. */
const SET = { set: true } as const

export const isSet = (value: Plain | undefined): boolean => isPlainMap(value) && value.set === true && Object.keys(value).length === 1

/** A camera of the file. */
export interface WrittenCamera {
  /** Its keys with every `${…}` as written, secrets included. */
  readonly written: PlainMap
  /** The same for people: without secrets. */
  readonly shown: PlainMap
  /** Whether the file has its address alone: `gate: rtsp://…`. */
  readonly isShort: boolean
}

/** Shown as text, even where the file has a number. */
const TEXT_KEYS = new Set(['name', 'username'])

export function writtenCamera (value: Value): WrittenCamera {
  const isShort = value.kind !== 'map'
  const mapOf = (plain: Plain): PlainMap => isPlainMap(plain) ? plain : { source: plain }
  return { written: mapOf(plainOf(value)), shown: mapOf(shownOf(value, isShort ? ['source'] : [])), isShort }
}

function shownOf (value: Value, path: readonly string[]): Plain {
  if (isHidden(path)) return value.kind === 'scalar' && value.value === null ? null : SET
  switch (value.kind) {
    case 'map': return Object.fromEntries([...value.entries].map(([key, entry]) => [key, shownOf(entry.value, [...path, key])]))
    case 'list': return value.items.map(item => shownOf(item, path))
    case 'scalar': {
      const isText = path.length === 1 && TEXT_KEYS.has(path[0]!)
      if (typeof value.value !== 'string') return isText ? value.text : value.value as Plain
      const isFilledIn = value.broken || (value.filledIn?.length ?? 0) > 0
      const text = isFilledIn ? value.written! : value.text
      return isText ? text : shownUrl(text)
    }
  }
}

/** The password, and in a map about a stream its token and its command. */
export const isHidden = (path: readonly string[]): boolean =>
  (path.length === 1 && path[0] === 'password') || (path.length === 2 && ['source', 'substream'].includes(path[0]!) && ['token', 'command'].includes(path[1]!))

function shownUrl (text: string): string {
  const { scheme, rest } = splitUrl(text)
  return redact(scheme + rest)
}
