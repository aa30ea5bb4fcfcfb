import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { BEARER_SUBPROTOCOL } from '../wire/messages.js'
import type { TokenVerifier } from '../tokens/token-verifier.js'
import type { Identify } from './identify.js'

/** Programs send a token in the Authorization header, RFC 6750 section 2.1; pages with a WebSocket, which has no such header, as a subprotocol. */
export const identifyBearer = (verifier: TokenVerifier): Identify => request => {
  const token = bearerOf(request)
  return token === undefined ? undefined : verifier.verify(token)
}

/**
 * A site on the same host may give its visitors a token in a cookie, for its `<img>`. Ask for it last: a browser sends a stale cookie along
 * with whatever else proves who somebody is.
 */
export const identifyTokenCookie = (verifier: TokenVerifier, name: string): Identify => ({ headers: { cookie } }) => {
  const token = cookie === undefined ? undefined : parseCookie(cookie)[name]
  return token === undefined || token === '' ? undefined : verifier.verify(token)
}

/** The token of a header; undefined if it has none. No other site can make a browser send one, as it can with a cookie. */
export function bearerOf ({ headers: { authorization = '', 'sec-websocket-protocol': protocols = '' } }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [, scheme, token = ''] = /^(\S+) *(.*)$/.exec(authorization) ?? []
  if (scheme?.toLowerCase() === 'bearer') return token
  return protocols.split(',').map(name => name.trim()).find(name => name.startsWith(BEARER_SUBPROTOCOL))?.slice(BEARER_SUBPROTOCOL.length)
}
