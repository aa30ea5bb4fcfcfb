import type { OutgoingHttpHeaders } from 'node:http'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sees } from '../../access/principal.js'
import type { Clock } from '../../clock.js'
import type { CameraEvents } from '../../events/camera-events.js'
import { mayTakeForEver } from '../../http2/connection.js'
import type { Audience } from '../../viewers/audience.js'
import type { Listeners } from '../../viewers/listeners.js'
import { Problem, sends } from '../schemas.js'
import { EVENT_STREAM_HEADERS, EventStream } from './event-stream.js'

export interface EventsOptions {
  readonly clock: Clock
  readonly events: CameraEvents
  readonly listeners: Listeners
  readonly audience: Audience
}

const headers = Type.Object({ 'last-event-id': Type.Optional(Type.String({ description: 'The id of the last event that came, to get only what was missed since' })) })

/** What changes about the cameras that the asker may see, until their proof ends. */
export const eventsRoute: FastifyPluginAsyncTypebox<EventsOptions> = async (app, { clock, events, listeners, audience }) => {
  app.get('/events', {
    exposeHeadRoute: false,
    schema: { summary: 'What changes about the cameras, as Server-Sent Events', headers, response: { 200: sends('text/event-stream', 'Events, until the listener leaves'), 503: Problem } }
  }, ({ principal, ip, headers }, reply) => {
    const { raw } = reply
    listeners.add(raw, ip)
    reply.hijack()
    mayTakeForEver(raw)
    audience.add(principal, raw, () => raw.end())
    new EventStream(raw, reply.getHeaders() as OutgoingHttpHeaders, { events, clock, sees: id => sees(principal.cameras, id) }).start(headers['last-event-id'])
  })

  app.head('/events', (_request, reply) => reply.headers(EVENT_STREAM_HEADERS).send())
}
