import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { packageRoot } from '../package.js'
import { SAFE_HEADERS } from '../door/safe-headers.js'

/** Serves the web page at `/`, which is static files. Pages of `origins` may show it in a frame. */
export const dashboard: FastifyPluginAsync<{ origins: readonly string[] }> = async (app, { origins }) => {
  app.addHook('onRequest', async (_request, reply) => { for (const name of Object.keys(SAFE_HEADERS)) reply.removeHeader(name) })
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        mediaSrc: ['blob:'], // what the page itself makes of a camera's pictures
        connectSrc: ["'self'"],
        baseUri: ["'self'"], // base.js sets it
        formAction: ["'self'"],
        frameAncestors: ["'self'", ...origins],
        workerSrc: ["'self'", 'blob:'], // cameras/feed-worker.js; view.js starts itself in one
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ['camgate', 'camgate-events'] // view.js and cameras/shared-feed.js make the addresses of these with them
      }
    },
    xFrameOptions: false, // cannot list origins
    strictTransportSecurity: false // a name of a LAN must stay reachable by http
  })
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
