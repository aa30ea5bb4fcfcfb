import type { FastifyInstance } from 'fastify'

/** Nothing of ours reads a body: a form, JSON without any, or a type that is none are as good as no body at all. */
export function ignoreBodies (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  app.addHook('onRequest', async ({ raw: { headers } }) => { delete headers['content-type'] }) // or Fastify answers 415 to one that it cannot parse
}
