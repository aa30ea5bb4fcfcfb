import type { FastifyInstance } from 'fastify'

/** Ignores forms, empty JSON and unknown types: no route reads a body. */
export function ignoreBodies (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  app.addHook('onRequest', async ({ raw: { headers } }) => { delete headers['content-type'] }) // otherwise Fastify answers 415 to an invalid type
}
