import type { FastifyRequest } from 'fastify'
import { sees, type Principal, type Sight } from '../access/principal.js'
import { Recent } from '../access/recent.js'
import { verifyLink, type Query, type Verdict } from '../access/link.js'
import type { AuthSettings } from '../access/settings.js'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { Identify } from './identify.js'

const REFUSALS: Readonly<Record<Exclude<Verdict['kind'], 'good'>, readonly [code: 'EXPIRED' | 'BAD_LINK', message: string]>> = {
  expired: ['EXPIRED', 'This link has expired. Reload the page that showed it.'],
  early: ['BAD_LINK', 'This link is not valid yet: the clock of the machine that signed it is ahead of this one.'],
  malformed: ['BAD_LINK', 'This link is not valid: it needs exp, iat, kid, sub and sig, each once, and ends at most 366 days after its iat; both are in seconds.'],
  'unknown-key': ['BAD_LINK', 'This link is not valid: cameras.yaml has no key with the name in its kid.'],
  'wrong-signature': ['BAD_LINK', 'This link is not valid: it was signed with another key, for another path, or changed after it was signed.']
}

export const hasLink = (request: FastifyRequest): boolean => {
  const { showsPicture, showsCameras } = request.routeOptions.config
  return (showsPicture === true || showsCameras === true) && queryOf(request).sig !== undefined
}

/** A page of snapshots asks for the same links every second. Genuine ones are kept as they were spelled, unless somebody spells them at length. */
const MAX_KEPT = 1_000
const MAX_KEPT_CHARS = 1_000

/** Lets in whoever has a signed link, with the right to view only. It may show the cameras of the user for whom it was signed; any other name is good for the link's own camera. A link that lists cameras is good for these alone. */
export const identifyLink = ({ keys }: NonNullable<AuthSettings['links']>, users: AuthSettings['users'], clock: Clock): Identify => {
  const kept = new Recent<Principal>(MAX_KEPT)
  return request => {
    if (!hasLink(request)) return undefined
    const { url } = request
    const known = kept.get(url)
    if (known && clock.wall() < known.until!) return known
    const verdict = verifyLink(pathOf(request), pairsOf(request), keys, clock.wall())
    if (verdict.kind !== 'good') throw new CamgateError(...REFUSALS[verdict.kind])
    const { sub, iat, exp } = verdict.link
    const issuedAt = Math.min(iat * 1000, clock.wall()) // the signer's clock may be ahead: a revocation reaches what was used before it
    const principal: Principal = { kind: 'link', name: sub, right: 'view', cameras: sightOf(request, users.get(sub)?.cameras), issuedAt, until: exp * 1000 }
    if (url.length <= MAX_KEPT_CHARS) kept.set(url, principal)
    return principal
  }
}

/** What the link shows of what its user may see; undefined if nobody has that name. */
function sightOf (request: FastifyRequest, ofUser: Sight | undefined): Sight {
  if (request.routeOptions.config.showsCameras) return new Set(listedIn(request).filter(id => sees(ofUser ?? 'all', id)))
  const { id } = request.params as { id?: string }
  return ofUser ?? (id === undefined ? 'all' : new Set([id]))
}

const listedIn = (request: FastifyRequest): string[] => [queryOf(request).cameras ?? []].flat().flatMap(list => list.split(','))

const queryOf = ({ query }: FastifyRequest) => query as Partial<Record<string, string | string[]>>

/** The path as the route reads it, however the request spelled it. */
function pathOf ({ routeOptions: { url = '' }, params }: FastifyRequest): string {
  return url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent((params as Record<string, string>)[name] ?? ''))
}

function pairsOf (request: FastifyRequest): Query {
  return Object.entries(queryOf(request)).flatMap(([name, values = []]) => [values].flat().map(value => [name, value] as const))
}
