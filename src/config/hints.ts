import { isPrintable } from '../sources/source.js'
import { quote } from './fault.js'
import type { Shape } from './expected.js'
import { gluedKey, noBlank } from './glued.js'
import { didYouMean } from '../nearest.js'
import { defaultKeys, ownKeys, serverKeys, sourceKeys } from './schema.js'
import type { ScalarValue } from './value.js'

/** What is wrong with a key that is not known where it stands, and what to write instead. */
export function unknownKey (key: string, known: readonly string[], path: string): string {
  const glued = gluedKey(key) // within { } all of it is the key, and what stands behind the colon may be a secret
  if (glued) return noBlank(glued)
  return `unknown key ${quote(key)}${didYouMean(key, known) || elsewhere(key, path) || `; known are ${known.join(', ')}`}`
}

/** Where a key belongs that camgate knows, and that stands in another map. */
function elsewhere (key: string, path: string): string {
  if (/^cameras\.[^.]+$/.test(path)) {
    if (/^(ip|ip[-_]?addr(ess)?|host|hostname)$/i.test(key)) {
      return '; where the camera is belongs to its source: source: rtsp://192.168.1.20/… with the path of its manual, or source: { type: hikvision, host: 192.168.1.20 }'
    }
    if (/^(ffmpeg|inputs)$/.test(key)) return '; write the address alone: source: rtsp://…'
    if (sourceKeys.has(key)) return `; it belongs to the source, as in source: { type: …, ${key}: … }`
  }
  if (path === '' && ownKeys.has(key)) return '; it belongs to a camera, below cameras: and the id'
  if (path === '' && defaultKeys.has(key)) return '; it belongs to a camera, or for all of them below defaults:'
  if (path === 'defaults' && ownKeys.has(key)) return '; each camera has its own'
  if (path !== 'server' && serverKeys.has(key) && (path === '' || !sourceKeys.has(key))) return '; it belongs below server:'
  return ''
}

/** What to write instead of a value of the wrong kind, as the end of the sentence; empty when nothing is known. */
export function valueHint (shape: Shape, { value, text, written }: ScalarValue, path: string): string {
  if (value === null && shape.type === 'string') {
    return text === ''
      ? '; an empty text is "", and a # behind a blank begins a comment'
      : `; ${text} means nothing at all in YAML: leave the key out, or put the word in quotes`
  }
  if (written !== undefined) return ''
  const quoted = typeof value === 'string'
  if (shape.type === 'boolean') {
    if (quoted && /^(true|false)$/i.test(text)) return '; write it without quotes'
    const meant = /^(yes|y|on|1)$/i.test(text) ? 'true' : /^(no|n|off|0)$/i.test(text) ? 'false' : ''
    return meant && `; did you mean ${meant}?`
  }
  if (path.endsWith('.name') && !isPrintable(text)) return '; line breaks, other control characters and marks that turn the direction of text are not allowed in it'
  if (path.endsWith('.quality')) {
    const number = Number(text)
    return number > 31 && number <= 100 && Number.isInteger(number) ? `; did you mean ${number}%?` : ''
  }
  if (quoted && (shape.type === 'integer' || shape.type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return '; write it without quotes'
  return ''
}

/** An id that is made of what was written as one, and what then is the name. */
export function idHint (key: string, named: boolean): string {
  const id = key.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase().slice(0, 64)
  return named ? `; write ${id || 'camera1'}: and below it name: ${quote(key)}` : id && `; write ${id}:`
}
