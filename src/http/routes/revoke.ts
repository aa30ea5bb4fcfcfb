import type { IncomingHttpHeaders } from 'node:http'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Revocations } from '../../access/revocations.js'
import type { Clock } from '../../clock.js'
import { CamgateError } from '../../errors.js'
import { Problem } from '../schemas.js'
import type { Audience } from '../../viewers/audience.js'

export interface RevokeOptions {
  readonly clock: Clock
  readonly revocations: Revocations
  readonly audience: Audience
}

/** Logs a user out everywhere. A password stays good: change it in cameras.yaml, or its owner logs in again. */
export const revokeRoute: FastifyPluginAsyncTypebox<RevokeOptions> = async (app, { clock, revocations, audience }) => {
  app.post('/sessions/revoke', {
    schema: {
      summary: 'Refuse every login, token and link that a user, or everybody, has been given until now, and end their streams',
      querystring: Type.Object({ user: Type.Optional(Type.String({ minLength: 1, description: 'The name; everybody, if left out' })) }),
      response: { 200: Type.Object({ user: Type.Union([Type.String(), Type.Null()]), streams: Type.Integer({ description: 'Streams that end' }) }), 400: Problem, 401: Problem, 403: Problem }
    }
  }, async ({ query: { user }, url, headers }) => {
    if (user === undefined && (url.includes('?') || hasBody(headers))) throw new CamgateError('BAD_REQUEST', 'Nobody was logged out. Write the name into the address: /sessions/revoke?user=NAME. For everybody, send neither parameters nor a body.')
    revocations.revoke(user, clock.wall())
    return { user: user ?? null, streams: audience.check() }
  })
}

/** No route reads a body. Here one that was ignored, because the name is in it, would log everybody out. */
const hasBody = ({ 'content-length': length = '0', 'transfer-encoding': encoding }: IncomingHttpHeaders): boolean => length !== '0' || encoding !== undefined
