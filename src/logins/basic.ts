import { MAX_NAME_CHARS } from '../access/principal.js'
import type { Credentials } from '../credentials.js'
import { CamgateError } from '../errors.js'
import { isPrintable } from '../text/printable.js'

/** Longer ones would only cost time. */
const MAX_PASSWORD_CHARS = 1_000
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/**
 * Returns the credentials of an Authorization header with HTTP's Basic scheme (RFC 7617); undefined if it is of another scheme.
 * @throws {CamgateError} BAD_CREDENTIALS if it cannot be read
 */
export function parseBasic (header: string): Credentials | undefined {
  const [, scheme, encoded = ''] = /^([^ ]+)(?: +([^ ]*) *)?$/.exec(header) ?? []
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const text = BASE64.test(encoded) ? decode(Buffer.from(encoded, 'base64')) : ''
  const colon = text.indexOf(':')
  const credentials = { username: text.slice(0, colon), password: text.slice(colon + 1) }
  if (colon < 0 || !isPrintable(text) || credentials.username.length > MAX_NAME_CHARS || credentials.password.length > MAX_PASSWORD_CHARS) {
    throw new CamgateError('BAD_CREDENTIALS', 'The Authorization header cannot be read: after Basic comes user:password, as UTF-8 in base64.')
  }
  return credentials
}

/** camgate asks for UTF-8. Python's requests and older programs send Latin-1 all the same, which is hardly ever valid UTF-8. */
function decode (bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}
