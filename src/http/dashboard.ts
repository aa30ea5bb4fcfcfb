import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { packageRoot } from '../package.js'

/** Serves the web page at `/`, which is static files. */
export const dashboard: FastifyPluginAsync = async app => {
  app.addHook('onRequest', async (_request, reply) => { reply.header('Content-Security-Policy', "default-src 'self'; frame-ancestors 'self'") })
  app.addHook('preHandler', async ({ query }, reply) => { if (Object.hasOwn(query as object, 'base.js')) return reply.sendFile('base.js') })
  await app.register(fastifyStatic, {
    root: join(packageRoot, 'src/dashboard'),
    wildcard: false, // a route for each file, so that a missing one is answered like any other missing address
    globIgnore: ['**/tsconfig.json'],
    cacheControl: false,
    setHeaders (response) {
      response.setHeader('Cache-Control', 'no-cache')
    }
  })
}
