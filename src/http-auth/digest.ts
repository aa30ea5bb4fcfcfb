import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Credentials } from '../credentials.js'
import { parseParameters, quote, type AuthChallenge, type DigestAlgorithm } from './challenge.js'

/** The request to authorize. Digest hashes its method, and its URI as written. */
export interface ProvenRequest { method: string; url: string }
type DigestChallenge = Extract<AuthChallenge, { scheme: 'digest' }>

/** The encoding of username and password. Cameras do not announce which one they expect. */
export type Charset = 'utf8' | 'latin1'

const hashNames: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }
const hashName = (algorithm: DigestAlgorithm): string => hashNames[algorithm.replace('-sess', '')]!
const isSession = (algorithm: DigestAlgorithm): boolean => algorithm.endsWith('-sess')

/** One character per byte, as in headers. */
const inBytes = ({ username, password }: Credentials, charset: Charset): Credentials =>
  ({ username: Buffer.from(username, charset).toString('latin1'), password: Buffer.from(password, charset).toString('latin1') })

/**
 * Returns the Authorization header that answers a challenge: Basic (RFC 7617) or Digest (RFC 7616, or RFC 2069 without qop), one character per byte.
 * @param count the number of answers to this nonce, including this one
 */
export function authorization (
  challenge: AuthChallenge, credentials: Credentials, request: ProvenRequest, count = 1, cnonce = randomBytes(8).toString('hex'), charset: Charset = 'utf8'
): string {
  const { username, password } = inBytes(credentials, charset)
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`, 'latin1').toString('base64')}`
  const { realm, nonce, opaque, algorithm, qop } = challenge
  const nc = count.toString(16).padStart(8, '0')
  const response = digest(challenge, { username, password }, request, { nc: qop ? nc : undefined, cnonce })
  return 'Digest ' + [
    `username=${quote(username)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `uri=${quote(request.url)}`,
    `response="${response}"`, `algorithm=${algorithm}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(qop ? ['qop=auth', `nc=${nc}`] : []),
    ...(qop || isSession(algorithm) ? [`cnonce=${quote(cnonce)}`] : [])
  ].join(', ')
}

/**
 * Whether an Authorization header answers the challenge with these credentials. Takes the same time for every wrong password. A client may
 * omit an offered qop (RFC 2069 has none).
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
  const expected = inBytes(credentials, 'utf8')
  const response = digest(challenge, expected, { method, url: uri }, { nc: given.has('qop') ? nc : undefined, cnonce: cnonce ?? '' })
  const right = same(given.get('response') ?? '', response)
  return same(given.get('username') ?? '', expected.username) && right
}

/** All strings hold one character per byte. `nc` is undefined without qop. */
function digest (
  { algorithm, realm, nonce }: DigestChallenge, { username, password }: Credentials, { method, url }: ProvenRequest,
  { nc, cnonce }: { nc: string | undefined; cnonce: string }
): string {
  const hash = (...parts: string[]) => createHash(hashName(algorithm)).update(parts.join(':'), 'latin1').digest('hex')
  const login = hash(username, realm, password)
  const secret = isSession(algorithm) ? hash(login, nonce, cnonce) : login
  const request = hash(method, url)
  return nc === undefined ? hash(secret, nonce, request) : hash(secret, nonce, nc, cnonce, 'auth', request)
}

/** Compares hashes, so that the time reveals neither the length nor the first difference. */
function same (left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(left), hash(right))
}
