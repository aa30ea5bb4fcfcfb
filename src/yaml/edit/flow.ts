import { isScalar, Scalar, type Pair, type YAMLMap } from 'yaml'
import { changesOf, endOf, rangeOf, startOf, wayOf, type Change } from './nodes.js'
import type { Plain, PlainMap } from './plain.js'
import { render, renderKey } from './render.js'

/** The text of a map in `{ }` after a change. What stays is spelled as before. @throws {CannotEdit} */
export function flowText (text: string, map: YAMLMap, before: PlainMap, after: PlainMap, shortKey: string): string {
  const [start, end] = rangeOf(map)
  const changes = changesOf(map, before, after).filter(({ kind }) => kind !== 'remove')
  const [first, second] = map.items
  const last = map.items.at(-1)
  if (changes.length === 0) return '{}'
  const isJson = isScalar(last?.key) && last.key.type === Scalar.QUOTE_DOUBLE
  const between = first && second ? text.slice(endOf(first), startOf(second)) : ''
  const opening = first ? text.slice(start, startOf(first)) : '{ '
  const closing = last ? text.slice(endOf(last), end) : ' }'
  return opening + changes.map(change => entry(text, change, shortKey, isJson)).join(/^\s*,\s*$/.test(between) ? between : ', ') + closing
}

function entry (text: string, change: Change, shortKey: string, isJson: boolean): string {
  if (change.kind === 'add') return isJson ? `${JSON.stringify(change.key)}: ${JSON.stringify(change.after)}` : `${renderKey(change.key)}: ${render(change.after, { flow: true })}`
  const { pair } = change
  if (change.kind !== 'change') return text.slice(startOf(pair), endOf(pair))
  return text.slice(startOf(pair), rangeOf(pair.key)[1]) + lead(text, pair) + changedValue(text, pair, change.before, change.after, shortKey)
}

/** What stands between a key and its value: a colon, and perhaps an anchor. */
function lead (text: string, pair: Pair): string {
  const between = pair.value ? text.slice(rangeOf(pair.key)[1], rangeOf(pair.value)[0]) : ''
  return between.includes(':') ? between.replace(/:$/, ': ') : ': '
}

function changedValue (text: string, { value }: Pair, before: Plain, after: Plain, shortKey: string): string {
  const way = wayOf(value, before, after, shortKey)
  const own = () => text.slice(...rangeOf(value))
  switch (way.kind) {
    case 'within': return flowText(text, way.map, way.before, way.after, shortKey)
    case 'beside': return `{ <<: ${own()}${more(way.added)} }`
    case 'wrap': return `{ ${shortKey}: ${way.scalar === undefined ? own() : render(way.scalar, { flow: true, like: value })}${more(way.added)} }`
    case 'replace': return render(after, { flow: true, like: value })
  }
}

const more = (added: ReadonlyArray<readonly [string, Plain]>): string => added.map(([key, value]) => `, ${renderKey(key)}: ${render(value, { flow: true })}`).join('')
