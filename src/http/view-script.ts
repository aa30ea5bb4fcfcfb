import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { packageRoot } from '../package.js'

const HEADERS = {
  'Cache-Control': 'no-cache', // kept, and asked for again by its ETag: it must fit this camgate's socket
  'Content-Security-Policy': "default-src 'none'; connect-src 'self'", // of the worker that camgate's own page starts of it
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*' // for <script type="module">, and for integrity=
}

/** Serves `/view.js`, made of src/view/, to pages of every site: it contains no camera's picture, and shows only what its visitor may see. */
export const viewScript: FastifyPluginAsync = async app => {
  app.addHook('onRequest', async (_request, reply) => { reply.headers(HEADERS).removeHeader('Access-Control-Allow-Credentials') })
  await app.register(fastifyStatic, { root: join(packageRoot, 'dist/view'), wildcard: false, cacheControl: false })
}
