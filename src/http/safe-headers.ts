import fastifyPlugin from 'fastify-plugin'

/**
 * Every answer but the page contains a camera's bytes, or text about it. None may run as a document in camgate's origin, or be taken for
 * another type. Pages of any origin may embed them, also with Cross-Origin-Embedder-Policy.
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin'
} as const

/** Sets them on the answer of every route. */
export const safeHeaders = fastifyPlugin(async app => {
  app.addHook('onRequest', async (_request, reply) => { reply.headers(SAFE_HEADERS) })
})
