import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic, { type SetHeadersResponse } from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { packageRoot } from '../package.js'
import { SAFE_HEADERS } from '../door/safe-headers.js'

/** Serves the web page at `/`: its files as they are, and its modules as src/setup/bundle.mjs has bundled them. Pages of `origins` may show it in a frame. */
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
  const files = {
    wildcard: false, // a route for each file, so that a missing one is answered like any other missing address
    cacheControl: false,
    setHeaders: (response: SetHeadersResponse) => { response.setHeader('Cache-Control', 'no-cache') }
  }
  await app.register(fastifyStatic, { ...files, root: join(packageRoot, 'src/dashboard'), globIgnore: ['**/tsconfig.json', '**/!(base).js'] })
  await app.register(fastifyStatic, { ...files, root: join(packageRoot, 'dist/dashboard'), decorateReply: false })
}
