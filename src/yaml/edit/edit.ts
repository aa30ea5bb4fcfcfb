import { isMap, parseDocument } from 'yaml'
import { YAML_OPTIONS, readDocument } from '../document.js'
import type { MapValue } from '../value.js'
import type { Vocabulary } from '../vocabulary.js'
import { BlockEditor } from './block.js'
import { CannotEdit, isSame } from './nodes.js'
import { plainOf, type PlainMap } from './plain.js'

/** What a valid text holds, with every `${…}` as written. */
export function readWritten (text: string, vocabulary: Vocabulary): MapValue {
  const value = readDocument(withoutMark(text), { vocabulary, surroundings: { env: {}, readFile: () => '' }, report () {}, warn () {} })
  if (value?.kind !== 'map') throw new CannotEdit('the file is not a map')
  return value
}

/**
 * Changes a valid text so that it means `after`. Every line that has nothing to do with the change stays as it is, with its comments, quotes,
 * anchors and spaces. Only `readEdited` finds out whether it has succeeded; the two are apart because each takes a while.
 *
 * @param before what `text` means, from readWritten
 * @param shortKey the key that a scalar in the place of a map stands for
 * @throws {CannotEdit} if that is not possible, as when others share what has to be changed
 */
export function editText (text: string, before: PlainMap, after: PlainMap, shortKey: string): string {
  const body = withoutMark(text)
  const { contents } = parseDocument(body, YAML_OPTIONS)
  if (!isMap(contents)) throw new CannotEdit('the file is not a map')
  const editor = new BlockEditor(body, contents, shortKey)
  editor.change(contents, before, after)
  return text.slice(0, text.length - body.length) + editor.result()
}

/** What an edited text holds. @throws {CannotEdit} unless that is `wanted`, and nothing else */
export function readEdited (text: string, wanted: PlainMap, vocabulary: Vocabulary): MapValue {
  const root = readWritten(text, vocabulary)
  if (isSame(plainOf(root), wanted)) return root
  throw new CannotEdit('it is written in a form that cannot be changed without changing something else, such as an anchor that others use')
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '')
