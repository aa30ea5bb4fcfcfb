import type { FastifyRequest } from 'fastify'
import { bearerOf } from './tokens.js'

const CHALLENGE = 'Basic realm="camgate", charset="UTF-8"'

/**
 * Asks programs, and people who open an address, for user and password. A picture or a script's request gets no challenge: the browser would ask for camgate's
 * password in the middle of somebody else's page, or of camgate's own, which has a form.
 */
export const basicChallenge = ({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined => isForPerson(headers) || !isBrowser(headers) ? CHALLENGE : undefined

/** RFC 6750 section 3. Browsers ask nobody for a token. */
export const bearerChallenge = (request: Pick<FastifyRequest, 'headers'>): string =>
  bearerOf(request) === undefined ? 'Bearer realm="camgate"' : 'Bearer realm="camgate", error="invalid_token"'

type Headers = FastifyRequest['headers']

/** Whether somebody has opened the address itself. Browsers send no Sec-Fetch-Dest over plain http, except to their own machine. */
export const isForPerson = (headers: Headers): boolean => headers['sec-fetch-dest'] === undefined
  ? headers.accept?.includes('text/html') ?? false
  : headers['sec-fetch-dest'] === 'document'

const isBrowser = (headers: Headers): boolean => headers['sec-fetch-dest'] !== undefined || (headers['user-agent'] ?? '').includes('Mozilla/')
