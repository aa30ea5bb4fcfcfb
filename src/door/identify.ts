import type { FastifyRequest } from 'fastify'
import type { Principal } from '../access/principal.js'

/**
 * Finds out who sends a request by one kind of proof. Returns undefined if the request has none of this kind.
 * @throws {CamgateError} BAD_CREDENTIALS, EXPIRED, TOO_MANY_TRIES
 */
export type Identify = (request: FastifyRequest) => Principal | undefined | Promise<Principal | undefined>
