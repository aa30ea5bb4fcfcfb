import { HIDDEN, redact } from '../text/redact.js'
import type { Credentials } from '../credentials.js'
import { SourceError } from './source.js'

/** A kind of URL. `name` is for messages: `an RTSP URL`, for instance. */
export interface UrlKind { readonly schemes: readonly string[], readonly name: string, readonly example: string }

const split = /^([a-z]+):\/\/([^/?#]*)(.*)$/is
const hostAndPort = /^(?:\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[\w.-]+)(?::(\d{1,5}))?$/i
const MAX_URL_CHARS = 1_000

const invalid = (problem: string) => new SourceError(problem, 'url')

/**
 * Takes the credentials out of a URL and decodes them. The rest is printable ASCII without quotes.
 *
 * @throws {SourceError} The message never quotes the URL, because any part may be secret.
 */
export function normalizeUrl (written: string, { schemes, name, example }: UrlKind): { url: string, credentials?: Credentials } {
  const [, letters = '', authority = '', rest = ''] = split.exec(written.trim()) ?? []
  const scheme = letters.toLowerCase()
  if (!schemes.includes(scheme)) throw invalid(`expected ${name} like ${example}`)
  const at = authority.lastIndexOf('@')
  const host = authority.slice(at + 1)
  const port = hostAndPort.exec(host)
  // rtsp://admin:12/34@host parses as host "admin", port 12: the password would become a path.
  const number = /:(\d+)$/.exec(host)?.[1]
  const noPort = number !== undefined && (Number(number) < 1 || Number(number) > 65_535)
  if (noPort && !rest.includes('@')) throw invalid(`expected ${name} like ${example}: its port is out of range; there are ports from 1 to 65535`)
  if (!port || noPort || /^[^=]*@/.test(rest)) {
    throw invalid(`expected ${name} like ${example}: a host, then perhaps a port. A password with / ? # or @ in it ` +
      'is given separately, as username and password; an @ in the path is written %40')
  }
  const url = `${scheme}://${encode(host + rest, /[^\x21-\x7e]|["'\\<>]/gu)}`
  if (url.length > MAX_URL_CHARS) throw invalid(`expected ${name} of at most ${MAX_URL_CHARS} characters`)
  return at < 0 ? { url } : { url, credentials: decodeUserinfo(authority.slice(0, at)) }
}

/** A URL that may be shown: without the secret parts of its query, and with an ellipsis for those of its path. */
export function shownUrl (url: string): string {
  const [path = '', ...query] = redact(url).split('?')
  const harmless = query.join('?').split('&').filter(value => value && !value.includes(HIDDEN))
  return path.replaceAll(HIDDEN, '…') + (harmless.length > 0 ? `?${harmless.join('&')}` : '')
}

export const encode = (text: string, unsafe: RegExp): string =>
  text.replace(unsafe, char => Buffer.from(char).toString('latin1').replace(/./gs,
    byte => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`))

function decodeUserinfo (userinfo: string): Credentials {
  const colon = userinfo.indexOf(':')
  const [username, password] = colon < 0 ? [userinfo, ''] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)]
  return { username: decode(username), password: decode(password) }
}

/** A `%` that encodes nothing is a plain `%`: people paste passwords into URLs as they are. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    throw invalid('the percent-encoded user or password in the URL is not UTF-8; give them separately, as username and password')
  }
}
