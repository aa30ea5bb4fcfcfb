import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { percentDecoded } from '../text/percent.js'
import { MAX_CLOCK_SKEW_S } from './principal.js'

/** A decoded query: names may repeat, and their order means nothing. */
export type Query = ReadonlyArray<readonly [name: string, value: string]>

/** What a signed URL says about itself. */
export interface Link {
  readonly kid: string
  /** For whom it was signed. */
  readonly sub: string
  /** Seconds since 1970. */
  readonly iat: number
  /** Seconds since 1970. */
  readonly exp: number
}

/** `expired` and `early` are genuine links. `malformed` lacks a parameter, has one twice, or has times that cannot be meant. */
export type Verdict =
  | { readonly kind: 'good' | 'expired' | 'early', readonly link: Link }
  | { readonly kind: 'malformed' | 'unknown-key' | 'wrong-signature' }

/** Who wants a link for longer than this means another unit, or needs a token. */
export const MAX_LINK_LIFETIME_S = 366 * 24 * 3600

const OWN_PARAMETERS = ['exp', 'iat', 'kid', 'sub', 'sig'] as const
const SECONDS = /^(?:0|[1-9]\d{0,11})$/
/** Takes the place of an unknown key, so that the answer comes after the same work. */
const NO_KEY = randomBytes(32).toString('base64url')

/** Signs a path with its query, as they stand in an `href`. Returns both in canonical form, with the link's parameters; a link that is signed again gets new ones. */
export function signLink (address: string, link: Link, key: string): string {
  const [path = '', ...rest] = address.split('?')
  const given = [...new URLSearchParams(rest.join('?'))].filter(([name]) => !OWN_PARAMETERS.some(own => own === name))
  const { exp, iat, kid, sub } = link
  const query: Query = [...given, ['exp', String(exp)], ['iat', String(iat)], ['kid', kid], ['sub', sub]]
  return `${canonicalPath(path)}?${canonicalQuery(query)}&sig=${signature(key, path, query)}`
}

/** Checks the link of a GET or HEAD request. `path` is still encoded, `query` decoded by whoever reads its other parameters, so that nothing is read that was not signed. */
export function verifyLink (path: string, query: Query, keys: ReadonlyMap<string, string>, nowMs: number): Verdict {
  const link = linkIn(query)
  if (!link) return { kind: 'malformed' }
  const key = keys.get(link.kid)
  const isGenuine = equals(link.sig, signature(key ?? NO_KEY, path, query))
  if (key === undefined) return { kind: 'unknown-key' }
  if (!isGenuine) return { kind: 'wrong-signature' }
  if (nowMs >= link.exp * 1000) return { kind: 'expired', link }
  return { kind: link.iat * 1000 > nowMs + MAX_CLOCK_SKEW_S * 1000 ? 'early' : 'good', link }
}

/** The link's own parameters, of which each must be there once. */
function linkIn (query: Query): Link & { readonly sig: string } | undefined {
  const [exp, iat, kid, sub, sig] = OWN_PARAMETERS.map(own => {
    const [value, ...more] = query.flatMap(([name, value]) => name === own ? [value] : [])
    return more.length === 0 ? value : undefined
  })
  if (!exp || !iat || !kid || !sub || !sig || !SECONDS.test(exp) || !SECONDS.test(iat)) return undefined
  const lifetime = Number(exp) - Number(iat)
  return lifetime > 0 && lifetime <= MAX_LINK_LIFETIME_S ? { kid, sub, iat: Number(iat), exp: Number(exp), sig } : undefined
}

/** Base64url of the HMAC over everything that the request asks for. A HEAD request is signed as GET. */
function signature (key: string, path: string, query: Query): string {
  return createHmac('sha256', key).update(`camgate1\nGET\n${canonicalPath(path)}\n${canonicalQuery(query)}`).digest('base64url')
}

/** Takes the same time wherever they differ. */
function equals (given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return timingSafeEqual(a.length === b.length ? a : Buffer.alloc(b.length), b)
}

/** Without what the router ignores: double slashes, and one at the end. The router refuses what cannot be decoded. */
const canonicalPath = (path: string): string => `/${path.split('/').filter(part => part !== '').map(part => encode(percentDecoded(part))).join('/')}`

/** Every `name=value` but `sig`, sorted by its bytes. */
const canonicalQuery = (query: Query): string =>
  query.filter(([name]) => name !== 'sig').map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&')

/** RFC 3986: everything but letters, digits and `-._~` becomes `%XX` in upper case. */
const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
