import type { FastifyInstance } from 'fastify'

/** No route reads a body: forms, empty JSON and unknown types are ignored. */
export function ignoreBodies (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  app.addHook('onRequest', async ({ raw: { headers } }) => { delete headers['content-type'] }) // or Fastify answers 415 to a type that it cannot parse
}
