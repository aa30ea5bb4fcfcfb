import type { Credentials } from '../credentials.js'
import { KnownSecrets } from './known-secrets.js'
import { percentDecoded } from './percent.js'

/** Parameters of a camera's address that hold no secret: they choose a picture. */
const HARMLESS = new Set(('action audio cam camera camid ch channel channelid channels chn codec compression format fps framerate height mirror mode multicast ' +
  'profile proto protocol quality rate rendition res resolution rotate rotation size stream streamid streamprofile streamtype subtype track trackid transport ' +
  'transportmode type unicast video videocodec width').split(' '))
const HARMLESS_VALUE = /^[\w.,:*-]{0,40}$/
const SECRET_NAME = 'user(?:name)?|usr|login|pass(?:word|wd)?|pwd|psw|pw|(?:access[_-]?)?token|auth|(?:api[_-]?)?key|secret|sig(?:nature)?|response|c?nonce'
const QUOTED = new RegExp(`\\b(${SECRET_NAME})=(["'])[^"']*`, 'gi')
const ALONE = new RegExp(`^_?(?:${SECRET_NAME})=(?=.)`, 'i')

/** Shorter secrets, such as the 1 of a channel, and words of camgate's own sentences, appear in too many texts. */
const MIN_SECRET_CHARS = 4
const OWN_WORDS = new Set(('camera cameras camgate host live main media name password path picture pictures port program rtsp http https ' +
  'stream streams user username video viewer viewers').split(' '))
/** Replaces a secret. */
export const HIDDEN = '***'

const secrets = new KnownSecrets()

/**
 * Hides these values in every text from now on, however they are encoded: passwords, and what the configuration took from the environment or a
 * file. Call the returned function to forget them; a value that was added twice stays hidden until both are forgotten.
 */
export function addSecrets (values: Iterable<string>): () => void {
  const forms = new Set([...values].flatMap(value => [value, percentDecoded(value)]).filter(isWorthHiding))
  for (const form of forms) secrets.add(form)
  return () => {
    for (const form of forms) secrets.remove(form)
    forms.clear()
  }
}

/** Does the same for both, and for their encoding in HTTP's Basic scheme. */
export function addCredentials ({ username, password }: Credentials): () => void {
  const basic = (['utf8', 'latin1'] as const).map(encoding => Buffer.from(`${username}:${password}`, encoding))
  return addSecrets([username, password, `${username}:${password}`, ...basic.flatMap(bytes => [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')])])
}

const isWorthHiding = (form: string): boolean => form.length >= MIN_SECRET_CHARS && !OWN_WORDS.has(form.toLowerCase())

/**
 * Removes secrets from any text: a URL, a camera's words, a line that ffmpeg printed. Secrets are `user:password@`, each value of a query that is
 * not known to be harmless, and all values given to `addSecrets`. Takes linear time.
 */
export function redact (text: string): string {
  return secrets.hide(text, HIDDEN)
    .replace(/(\bauthorization["']?\s?[:=])\s?\S.*/gi, '$1 ***')
    .replace(QUOTED, '$1=$2***')
    .replace(/[^\x00-\x20'"<>]+/g, redactRun) // eslint-disable-line no-control-regex -- a password may contain Unicode's other spaces
}

const MAX_QUOTED_CHARS = 300

/**
 * Prepares text of a camera, a program or another camgate for a message: redacted, on one line, without characters that control a terminal or the
 * direction of text, and with at most `maxLength` characters, cut between words.
 */
export function quotable (words: string, maxLength = MAX_QUOTED_CHARS): string {
  const visible = words.replace(/[\p{Cf}\p{Cs}]/gu, '').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  const text = redact(visible)
  if (text.length <= maxLength) return text
  const end = text.lastIndexOf(' ', maxLength - 1)
  return `${text.slice(0, end > maxLength / 2 ? end : maxLength - 1).replace(/[\s,.:;]+$/, '')}…`
}

/** `run` is text without spaces and quotes: perhaps a URL. */
function redactRun (run: string): string {
  const bare = run.replace(/:\/\/[^/?#]*@/g, '://')
  if (!/[=?]/.test(bare)) return bare
  const query = bare.includes('?') ? bare.indexOf('?') : bare.length
  return redactPath(bare.slice(0, query)) + redactQuery(bare.slice(query))
}

/** Cheap cameras put secrets in their paths: `/user=admin_password=tlJw_channel=1`. A part without a name may be the rest of the secret before it. */
function redactPath (path: string): string {
  if (!path.includes('=')) return path
  let begun = false
  let hides = false
  return path.split(/(?=[/_;&])/).map(piece => {
    const name = (begun ? /^[/_;&][a-z][a-z0-9.-]*=/i : /^[/;&][a-z][a-z0-9.-]*=/i).exec(piece)?.[0] ?? ALONE.exec(piece)?.[0]
    begun ||= name !== undefined
    if (name === undefined) return hides ? '' : piece
    hides = !isHarmless(name, piece.slice(name.length))
    return hides ? `${name}***` : piece
  }).join('')
}

function redactQuery (query: string): string {
  let hides = false
  return query.split(/(?=[?&;])/).map(piece => {
    const equals = piece.indexOf('=')
    if (equals < 0 && (hides || !/\w/.test(piece))) return hides ? '' : piece
    hides = equals < 0 || !isHarmless(piece.slice(0, equals), piece.slice(equals + 1))
    return hides ? `${piece.slice(0, equals + 1) || piece[0]}***` : piece
  }).join('')
}

const isHarmless = (name: string, value: string): boolean => HARMLESS.has(name.replace(/[^a-z0-9.-]/gi, '').toLowerCase()) && HARMLESS_VALUE.test(value)
