import type { FastifyReply, FastifyRequest } from 'fastify'
import { anyone, type Right } from '../access/principal.js'
import type { AuthSettings } from '../access/settings.js'
import type { Trusts } from '../access/trusted-proxies.js'
import type { Clock } from '../clock.js'
import { TokenVerifier } from '../tokens/token-verifier.js'
import { basicChallenge, bearerChallenge } from './challenge.js'
import type { Identify } from './identify.js'
import { hasLink, identifyLink } from './links.js'
import { identifyProxied } from './proxied-user.js'
import { identifyBearer, identifyTokenCookie } from './tokens.js'
import { identifyUser, passwordLogin, type PasswordLogin } from './users.js'

export interface WaysIn {
  /** Asked in this order; the first that answers decides. */
  readonly identify: readonly Identify[]
  /** Says in a response to somebody unknown how to log in. */
  readonly challenge: (request: FastifyRequest, reply: FastifyReply) => void
  /** How people log in on the page; undefined if they cannot. */
  readonly login?: PasswordLogin | undefined
}

export interface WaysInParts {
  readonly clock: Clock
  readonly trusts: Trusts
  /** Reports wrong passwords, and that keys of tokens cannot be fetched, at most once a minute. */
  readonly warn: (line: string) => void
  /** Those of a configuration that this one replaces. */
  readonly former?: WaysIn | undefined
}

/** What proxies add to a request that they pass on. */
const FORWARDING_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']

/** Lets everybody in. Nobody is an administrator by a proxy: it may stand on this machine, and let in others. */
export const openTo = (right: Right): WaysIn => ({
  identify: [({ headers }) => anyone(FORWARDING_HEADERS.some(name => headers[name] !== undefined) && right === 'admin' ? 'control' : right)],
  challenge () {}
})

/** The ways in that are configured, the cheapest proof first. */
export function waysIn ({ users, links, jwt, proxy }: AuthSettings, { clock, trusts, warn, former }: WaysInParts): WaysIn {
  const login = passwordLogin(users, clock, warn, former?.login)
  const tokens = jwt && new TokenVerifier({ settings: jwt, users, clock, warn })
  return {
    identify: [
      ...links ? [identifyLink(links, users, clock)] : [],
      ...tokens ? [identifyBearer(tokens)] : [],
      ...login ? [identifyUser(login, clock)] : [],
      ...proxy ? [identifyProxied({ users, proxy }, trusts, clock)] : [],
      ...tokens && jwt?.cookie ? [identifyTokenCookie(tokens, jwt.cookie)] : []
    ],
    challenge (request, reply) {
      if (links && hasLink(request)) return // it is asked first: a browser would ask for a password again and again
      const challenges = [login && basicChallenge(request), tokens && bearerChallenge(request)].filter(challenge => challenge !== undefined)
      if (challenges.length > 0) reply.header('WWW-Authenticate', challenges.length > 1 ? challenges : challenges[0])
    },
    login
  }
}
