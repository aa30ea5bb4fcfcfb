import fastifyPlugin from 'fastify-plugin'

/**
 * Every response except the page contains a camera's bytes, or text about it. None may run as a document in camgate's origin, or be
 * interpreted as another type. Pages of any origin may embed them, even with Cross-Origin-Embedder-Policy.
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin'
} as const

/** Sets SAFE_HEADERS on the responses of every route. */
export const safeHeaders = fastifyPlugin(async app => {
  app.addHook('onRequest', async (_request, reply) => { reply.headers(SAFE_HEADERS) })
})
