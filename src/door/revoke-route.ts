import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Revocations } from '../access/revocations.js'
import type { Clock } from '../clock.js'
import { Problem } from '../http/schemas.js'
import type { Audience } from '../viewers/audience.js'

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
      response: { 200: Type.Object({ user: Type.Union([Type.String(), Type.Null()]), streams: Type.Integer({ description: 'Streams that end' }) }), 401: Problem, 403: Problem }
    }
  }, async ({ query: { user } }) => {
    revocations.revoke(user, clock.wall())
    return { user: user ?? null, streams: audience.check() }
  })
}
