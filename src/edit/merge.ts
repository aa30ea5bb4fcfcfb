import { isPlainMap, type Plain, type PlainMap } from '../yaml/edit/plain.js'
import { isHidden, isSet } from './shown.js'

/** JSON Merge Patch (RFC 7396): null removes, a map changes the keys that it has, anything else replaces. */
export function mergePatch (target: Plain | undefined, patch: Plain): Plain {
  if (!isPlainMap(patch)) return patch
  const merged = new Map(Object.entries(isPlainMap(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/** Adds the secrets that a client left out to the whole camera that it sent; null removes one. A stream whose type changes keeps none. */
export function withSecrets (shown: PlainMap, sent: PlainMap, path: readonly string[] = []): PlainMap {
  const entries = new Map(Object.entries(sent))
  for (const [key, value] of Object.entries(shown)) {
    const sentValue = entries.get(key)
    if (isHidden([...path, key]) && isSet(value) && sentValue === undefined) entries.set(key, value)
    else if (isPlainMap(value) && isPlainMap(sentValue) && value.type === sentValue.type) entries.set(key, withSecrets(value, sentValue, [...path, key]))
  }
  for (const [key, value] of entries) if (value === null && isHidden([...path, key])) entries.delete(key)
  return Object.fromEntries(entries)
}
