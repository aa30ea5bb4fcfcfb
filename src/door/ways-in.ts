import type { FastifyReply, FastifyRequest } from 'fastify'
import { anyone, type Principal, type Right } from '../access/principal.js'
import type { AuthSettings } from '../access/settings.js'

/**
 * Finds out who sends a request by one kind of proof. Returns undefined if the request has none of this kind.
 * @throws {CamgateError} BAD_CREDENTIALS, EXPIRED, TOO_MANY_TRIES
 */
export type Identify = (request: FastifyRequest) => Principal | undefined | Promise<Principal | undefined>

export interface WaysIn {
  /** Asked in this order; the first that answers decides. */
  readonly identify: readonly Identify[]
  /** Says in a response to somebody unknown how to log in. */
  readonly challenge: (request: FastifyRequest, reply: FastifyReply) => void
}

/** Lets everybody in. */
export const openTo = (right: Right): WaysIn => ({ identify: [() => anyone(right)], challenge () {} })

/** The ways in that are configured, the cheapest proof first. */
export function waysIn (_auth: AuthSettings): WaysIn {
  return { identify: [], challenge () {} }
}
