import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { packageRoot } from '../package.js'

/** Serves `/view.js`, made of src/view/, to pages of every site: it contains no camera's picture, and shows only what its visitor may see. */
export const viewScript: FastifyPluginAsync = async app => {
  await app.register(fastifyStatic, {
    root: join(packageRoot, 'dist/view'),
    wildcard: false,
    cacheControl: false,
    setHeaders (response) {
      response.setHeader('Cache-Control', 'no-cache') // kept, and asked for again by its ETag: it must fit this camgate's socket
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
      response.setHeader('Access-Control-Allow-Origin', '*') // for <script type="module"> and integrity=
    }
  })
}
