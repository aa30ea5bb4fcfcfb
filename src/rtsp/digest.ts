import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseParameters, quote, type AuthChallenge } from './challenge.js'

export interface Credentials { username: string; password: string }
/** The request that is proved: Digest covers its method and its URI as written. */
export interface Proven { method: string; url: string }
type DigestChallenge = Extract<AuthChallenge, { scheme: 'digest' }>

const hashNames = { MD5: 'md5', 'SHA-256': 'sha256' } as const

/**
 * The Authorization header that answers a challenge: Basic (RFC 7617) or Digest (RFC 7616, and RFC 2069 without qop).
 * @param count how often this nonce was answered, this time included
 */
export function authorization (
  challenge: AuthChallenge, { username, password }: Credentials, request: Proven, count = 1, cnonce = randomBytes(8).toString('hex')
): string {
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const { realm, nonce, opaque, algorithm, qop } = challenge
  const nc = count.toString(16).padStart(8, '0')
  const response = digest(challenge, { username, password }, request, qop ? { nc, cnonce } : null)
  return 'Digest ' + [
    `username=${quote(username)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `uri=${quote(request.url)}`,
    `response="${response}"`, `algorithm=${algorithm}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(qop ? ['qop=auth', `nc=${nc}`, `cnonce=${quote(cnonce)}`] : [])
  ].join(', ')
}

/**
 * Whether an Authorization header proves the credentials to the one who sent the challenge. Takes the same time for
 * every wrong password. A client may leave qop out although it was offered (RFC 2069 knew none).
 */
export function verify (header: string, challenge: AuthChallenge, credentials: Credentials, method: string): boolean {
  const [, scheme = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(header) ?? []
  if (scheme.toLowerCase() !== challenge.scheme) return false
  if (challenge.scheme === 'basic') {
    return same(Buffer.from(rest, 'base64').toString(), `${credentials.username}:${credentials.password}`)
  }
  const given = parseParameters(rest)
  const [uri, nc, cnonce] = [given.get('uri'), given.get('nc'), given.get('cnonce')]
  if (uri === undefined) return false
  if (given.has('qop') && (nc === undefined || cnonce === undefined || given.get('qop') !== 'auth')) return false
  const counted = nc !== undefined && cnonce !== undefined && given.has('qop') ? { nc, cnonce } : null
  const expected = digest(challenge, credentials, { method, url: uri }, counted)
  const right = same(given.get('response') ?? '', expected)
  return same(given.get('username') ?? '', credentials.username) && right
}

function digest (
  { algorithm, realm, nonce }: DigestChallenge, { username, password }: Credentials, { method, url }: Proven,
  counted: { nc: string; cnonce: string } | null
): string {
  const hash = (...parts: string[]) => createHash(hashNames[algorithm]).update(parts.join(':')).digest('hex')
  const secret = hash(username, realm, password)
  const request = hash(method, url)
  return counted ? hash(secret, nonce, counted.nc, counted.cnonce, 'auth', request) : hash(secret, nonce, request)
}

/** Compares hashes of both, so that neither length nor first difference shows in the time. */
function same (left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(left), hash(right))
}
