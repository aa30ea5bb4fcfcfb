import type { FastifyInstance } from 'fastify'
import { CamgateError } from '../errors.js'

/** Ignores forms, empty JSON and unknown types: few routes read a body. */
export function ignoreBodies (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  app.addHook('onRequest', async ({ raw: { headers } }) => { delete headers['content-type'] }) // otherwise Fastify answers 415 to an invalid type
}

/** Reads the body of these routes as JSON, whatever type it has: sites.ts keeps other sites off, and programs forget the type. */
export function readJson (app: FastifyInstance, maxBytes: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxBytes }, (_request, text, done) => {
    try {
      done(null, JSON.parse(String(text)))
    } catch {
      done(new CamgateError('BAD_REQUEST', 'The body of the request is not JSON.'))
    }
  })
}
