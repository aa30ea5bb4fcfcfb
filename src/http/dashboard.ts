import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic, { type SetHeadersResponse } from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { packageRoot } from '../package.js'
import { SAFE_HEADERS } from '../door/safe-headers.js'
import { hashOf, inlined } from './inlined.js'

const ROOT = join(packageRoot, 'src/dashboard')

/** Serves the web page at `/`: index.html with its small files in it, and its modules as src/setup/bundle.mjs has bundled them. Pages of `origins` may show it in a frame. */
export const dashboard: FastifyPluginAsync<{ origins: () => readonly string[] }> = async (app, { origins }) => {
  const page = inlined(readFileSync(join(ROOT, 'index.html'), 'utf8'), file => readFileSync(join(ROOT, file), 'utf8'))
  const etag = `"${hashOf(page.html)}"`
  app.addHook('onRequest', async (_request, reply) => { for (const name of Object.keys(SAFE_HEADERS)) reply.removeHeader(name) })
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", ...page.scripts],
        styleSrc: page.styles,
        imgSrc: ["'self'"],
        mediaSrc: ['blob:'], // what the page itself makes of a camera's pictures
        connectSrc: ["'self'"],
        baseUri: ["'self'"], // early/base.js sets it
        formAction: ["'self'"],
        frameAncestors: [() => ["'self'", ...origins()].join(' ')],
        workerSrc: ["'self'", 'blob:'], // cameras/feed-worker.js; view.js starts itself in one
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ['camgate', 'camgate-early', 'camgate-events'] // view.js, early/start.js and cameras/shared-feed.js make the addresses of these with them
      }
    },
    xFrameOptions: false, // cannot list origins
    strictTransportSecurity: false // a name of a LAN must stay reachable by http
  })
  for (const url of ['/', '/index.html']) {
    app.get(url, async ({ headers }, reply) => {
      reply.headers({ 'Cache-Control': 'no-cache', ETag: etag })
      if (headers['if-none-match']?.includes(etag)) return reply.code(304).send() // a proxy that compresses puts W/ in front
      return reply.type('text/html; charset=utf-8').send(page.html)
    })
  }
  const files = {
    wildcard: false, // a route for each file, so that a missing one is answered like any other missing address
    cacheControl: false,
    setHeaders: (response: SetHeadersResponse) => { response.setHeader('Cache-Control', 'no-cache') }
  }
  await app.register(fastifyStatic, { ...files, root: ROOT, globIgnore: ['**/*.{html,js,json,css}'] })
  await app.register(fastifyStatic, { ...files, root: join(packageRoot, 'dist/dashboard'), decorateReply: false })
}
