import type { FastifyPluginAsync } from 'fastify'
import type { Exposition } from '../../metrics/exposition.js'
import { sends } from '../schemas.js'

/** For Prometheus. Whoever reads it learns of every camera, and the labels would change their meaning if some were left out. */
export const metricsRoute: FastifyPluginAsync<{ exposition: Exposition }> = async (app, { exposition }) => {
  app.get('/metrics', {
    config: { needsEveryCamera: true },
    schema: {
      summary: 'How the service and every camera are, for Prometheus; for whoever may see all cameras',
      response: { 200: sends('text/plain', 'Series in the text format 0.0.4 of Prometheus') }
    }
  }, async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await exposition.text()))
}
