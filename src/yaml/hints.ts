import { didYouMean } from '../text/nearest.js'
import { quote } from '../text/printable.js'
import type { Shape } from './expected.js'
import { beforeColon, gluedKey, spaceMissing } from './glued.js'
import type { ScalarValue } from './value.js'
import type { Vocabulary } from './vocabulary.js'

/** What is wrong with a key that is unknown at this path, and what to write instead. */
export function unknownKey (key: string, known: readonly string[], path: string, vocabulary: Vocabulary): string {
  const glued = gluedKey(key, vocabulary.keys) // within { } the whole key is `key:value`, and the value may be a secret
  if (glued) return spaceMissing(glued)
  return `unknown key ${quote(beforeColon(key))}${didYouMean(key, known) || vocabulary.keyHint(key, path) || `; known are ${known.join(', ')}`}`
}

/** What to write instead of a value of the wrong kind, as the end of a sentence; empty if nothing is known. */
export function valueHint (shape: Shape, { value, text, written }: ScalarValue, path: string, vocabulary: Vocabulary): string {
  if (value === null && shape.type === 'string') {
    return text === ''
      ? '; an empty text is "", and a # after a space begins a comment'
      : `; ${text} means nothing at all in YAML: leave the key out, or put the word in quotes`
  }
  if (written !== undefined) return ''
  const quoted = typeof value === 'string'
  if (shape.type === 'boolean') {
    if (quoted && /^(true|false)$/i.test(text)) return '; write it without quotes'
    const meant = /^(yes|y|on|1)$/i.test(text) ? 'true' : /^(no|n|off|0)$/i.test(text) ? 'false' : ''
    return meant && `; did you mean ${meant}?`
  }
  if (quoted && (shape.type === 'integer' || shape.type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return '; write it without quotes'
  return vocabulary.valueHint(text, path)
}
