import type { JWTPayload } from 'jose'
import { MAX_CLOCK_SKEW_S, MAX_NAME_CHARS, rights, type Principal, type Right, type Sight } from '../access/principal.js'
import type { JwtSettings, UserSettings } from '../access/settings.js'
import { CamgateError } from '../errors.js'
import { isPrintable } from '../text/printable.js'

/** `why` is the end of a sentence, and quotes nothing of the token. */
export const refused = (why: string): CamgateError => new CamgateError('BAD_CREDENTIALS', `camgate refuses this token: ${why}.`)

/**
 * Reads a verified token's claims. A token in the last seconds of its skew is good for these; otherwise its `exp` is exact, so that streams end in time.
 * `now` is in milliseconds of the wall clock. @throws {CamgateError} BAD_CREDENTIALS
 */
export function principalOf (payload: JWTPayload, { claims, audience }: JwtSettings, users: ReadonlyMap<string, UserSettings>, now: number): Principal {
  const { exp = 0, iat = 0, aud } = payload
  const claim = (name: string): unknown => Object.hasOwn(payload, name) ? payload[name] : undefined
  if (aud !== undefined && audience === undefined) throw refused('it is for one audience (aud), and server.auth.jwt does not say which audience camgate is')
  if (iat * 1_000 > now + MAX_CLOCK_SKEW_S * 1_000) throw refused('it was issued in the future (iat)') // no revocation would reach it
  const name = nameFrom(claim(claims.name), claims.name)
  const until = exp * 1_000
  return {
    kind: 'token',
    name,
    right: rightFrom(claim(claims.right), claims.right),
    cameras: camerasFrom(claim(claims.cameras), claims.cameras) ?? users.get(name)?.cameras ?? new Set(),
    issuedAt: Math.min(iat * 1_000, now), // the signer's clock may be ahead: a revocation reaches what was used before it
    until: until > now ? until : until + MAX_CLOCK_SKEW_S * 1_000
  }
}

function nameFrom (value: unknown, claim: string): string {
  const name = typeof value === 'number' ? String(value) : value
  if (typeof name === 'string' && name !== '' && name.length <= MAX_NAME_CHARS && isPrintable(name)) return name
  throw refused(`its claim ${claim} is not the name of somebody, of at most ${MAX_NAME_CHARS} characters`)
}

/** The highest right that it names, perhaps among roles of other programs. A token that names none of ours was not made for camgate. */
function rightFrom (value: unknown, claim: string): Right {
  if (value === undefined) return 'view'
  const words = wordsOf(value) ?? []
  const right = rights.findLast(right => words.includes(right))
  if (right === undefined) throw refused(`its claim ${claim} names none of ${rights.join(', ')}`)
  return right
}

/** Undefined if the token does not say. */
function camerasFrom (value: unknown, claim: string): Sight | undefined {
  if (value === undefined) return undefined
  if (value === 'all') return 'all'
  const ids = wordsOf(value)
  if (!ids) throw refused(`its claim ${claim} is neither "all" nor a list of cameras`)
  return new Set(ids)
}

/** A list, or text with spaces between, as OAuth writes scopes. */
function wordsOf (value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.split(' ').filter(Boolean)
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.every(item => typeof item === 'string' || typeof item === 'number') ? items.map(String) : undefined
}
