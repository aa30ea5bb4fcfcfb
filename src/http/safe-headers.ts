import fastifyPlugin from 'fastify-plugin'

/**
 * Every answer but the page holds bytes of a camera's, or words about it. None of them may run as a document in camgate's origin, or be taken
 * for another type; pages of any origin may embed them, those with Cross-Origin-Embedder-Policy too.
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin'
} as const

/** Puts them on every answer that a route makes. */
export const safeHeaders = fastifyPlugin(async app => {
  app.addHook('onRequest', async (_request, reply) => { reply.headers(SAFE_HEADERS) })
})
