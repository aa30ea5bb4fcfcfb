/**
 * @typedef {import('../../yaml/edit/plain.js').Plain} Json
 * @typedef {import('../../yaml/edit/plain.js').PlainMap} JsonMap
 */

/**
 * The patch (RFC 7396) that turns one camera into another.
 * @param {JsonMap} before
 * @param {JsonMap} after
 * @returns {JsonMap}
 */
export function patchBetween (before, after) {
  /** @type {[string, Json][]} */
  const removed = Object.keys(before).filter(key => !Object.hasOwn(after, key)).map(key => [key, null])
  const changed = Object.entries(after).flatMap(([key, value]) => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (JSON.stringify(old) === JSON.stringify(value)) return []
    /** @type {[string, Json]} */
    const entry = [key, isMap(old) && isMap(value) ? patchBetween(old, value) : value]
    return [entry]
  })
  return Object.fromEntries([...removed, ...changed])
}

/**
 * @param {JsonMap} map
 * @param {readonly string[]} path
 * @returns {Json | undefined}
 */
export function valueAt (map, [key = '', ...rest]) {
  const value = Object.hasOwn(map, key) ? map[key] : undefined
  return rest.length === 0 ? value : isMap(value) ? valueAt(value, rest) : undefined
}

/**
 * The same map with a value at a path; undefined removes it, and a map that becomes empty with it.
 * @param {JsonMap} map
 * @param {readonly string[]} path
 * @param {Json | undefined} value
 * @returns {JsonMap}
 */
export function withValue (map, [key = '', ...rest], value) {
  const old = valueAt(map, [key])
  const inner = rest.length === 0 ? value : withValue(isMap(old) ? old : {}, rest, value)
  const { [key]: _, ...others } = map
  const isGone = inner === undefined || (rest.length > 0 && isMap(inner) && Object.keys(inner).length === 0)
  if (isGone) return others
  return Object.hasOwn(map, key) ? { ...map, [key]: inner } : { ...others, [key]: inner }
}

/** @param {Json | undefined} value @returns {value is JsonMap} */
export const isMap = value => typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param {Json | undefined} value */
export const textOf = value => value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/**
 * The value that somebody has typed; undefined if there is none. What is not a valid number or map stays text, so that camgate reports what is wrong with it.
 * @param {string} text
 * @param {import('./fields.js').Kind} kind
 * @returns {Json | undefined}
 */
export function typed (text, kind) {
  const trimmed = kind === 'secret' ? text : text.trim()
  if (trimmed === '') return undefined
  if (kind === 'flag') return trimmed === 'true'
  if (kind === 'number' && Number.isFinite(Number(trimmed))) return Number(trimmed)
  if (kind !== 'map' || !trimmed.startsWith('{')) return trimmed
  try {
    return JSON.parse(trimmed)
  } catch {
    return trimmed
  }
}
