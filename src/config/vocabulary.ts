import { isPrintable, quote } from '../text/printable.js'
import type { Vocabulary } from '../yaml/vocabulary.js'
import { authKeys } from './server-schema.js'
import { allKeys, defaultKeys, ownKeys, serverKeys, smallestFile, sourceKeys } from './schema.js'

const USERS = 'server.auth.users'
/** Whatever is written in a wrong place here may be a password or a key: `anna: hunter2`. */
const SECRET_AUTH = /^server\.auth(\.(users|jwt|links)\b|$)/
/** An address of a receiver is a secret, also where it is written in place of a map. */
const SECRET_NOTIFY = /^notify(\[\d+\])?(\.secret)?$/
const SHOWN_AUTH = /\.(right|cameras(\[\d+\])?|issuer|audience|cookie|jwks|claims(\.\w+)?)$/

/** The keys of `cameras.yaml`, and hints for messages about them. */
export const camerasVocabulary: Vocabulary = {
  keys: allKeys,
  freeText: new Set(['name', 'username', 'password', 'source', 'substream', 'onvif', 'url', 'path', 'token', 'secret']),
  isSecret: path => /(^|\.)(password|source|substream|onvif|url|token)$|^cameras\.[^.]+$/.test(path) || SECRET_NOTIFY.test(path) || (SECRET_AUTH.test(path) && !SHOWN_AUTH.test(path)),
  whyLiteral: path => /^cameras\.[^.]+\.name$/.test(path)
    ? 'everybody sees a name, so nothing is filled in here: write the name itself'
    : undefined,
  keyHint,
  valueHint,
  nameRule,
  nounFor: path => path === 'cameras' ? 'id' : 'name',
  nameHint: (key, path) => {
    if (path === USERS) return ''
    const id = idFrom(key)
    return path === 'cameras' ? `; write ${id || 'camera1'}: and below it name: ${quote(key)}` : id && `; write ${id}:`
  },
  exampleOf: path => path === 'cameras' ? `; for example\n${smallestFile}` : ''
}

function nameRule (path: string): string {
  if (path === USERS) return 'may hold any printable characters but a colon, at most 64 of them'
  return `may hold letters, digits, - and _, at most ${path === 'server.auth.links.keys' ? 32 : 64} of them`
}

/** A hint where a known key in the wrong map belongs. */
function keyHint (key: string, path: string): string {
  if (/^cameras\.[^.]+$/.test(path)) {
    if (/^(ip|ip[-_]?addr(ess)?|host|hostname)$/i.test(key)) {
      return '; where the camera is belongs to its source: source: rtsp://192.168.1.20/… with the path of its manual, or source: { type: hikvision, host: 192.168.1.20 }'
    }
    if (/^(ffmpeg|inputs)$/.test(key)) return '; write the address alone: source: rtsp://…'
    if (sourceKeys.has(key)) return `; it belongs to the source, as in source: { type: …, ${key}: … }`
  }
  if (path !== '' && key === 'notify') return '; it belongs at the top of the file, beside cameras:'
  if (path === '' && key === 'auth') return '; it belongs below server:, or how camgate logs in to a camera, below the camera'
  if (path === 'server' && authKeys.has(key)) return '; it belongs below auth:'
  if (path === '' && ownKeys.has(key)) return '; it belongs to a camera, below cameras: and the id'
  if (path === '' && defaultKeys.has(key)) return '; it belongs to a camera, or for all of them below defaults:'
  if (path === 'defaults' && ownKeys.has(key)) return '; each camera has its own'
  if (path !== 'server' && serverKeys.has(key) && (path === '' || !sourceKeys.has(key))) return '; it belongs below server:'
  return ''
}

function valueHint (text: string, path: string): string {
  if (path.endsWith('.name') && !isPrintable(text)) return '; line breaks, other control characters and marks that turn the direction of text are not allowed in it'
  if (/^notify.*\.after$/.test(path)) return /^\d+$/.test(text) ? `; did you mean ${text}s?` : ''
  if (path.endsWith('.quality')) {
    const number = Number(text)
    return number > 31 && number <= 100 && Number.isInteger(number) ? `; did you mean ${number}%?` : ''
  }
  return ''
}

/** Makes a valid id from an invalid one; empty if nothing of it can stay. */
export const idFrom = (key: string): string => key.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss')
  .replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase().slice(0, 64)
