import fastifyPlugin from 'fastify-plugin'

/**
 * Every response except the page contains a camera's bytes, or text about it. None may run as a document in camgate's origin, or be
 * interpreted as another type. No page of another origin may embed them; sites.ts makes the exception for pictures.
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin'
} as const

/** Sets SAFE_HEADERS on the responses of every route. */
export const safeHeaders = fastifyPlugin(async app => {
  app.addHook('onRequest', async (_request, reply) => { reply.headers(SAFE_HEADERS) })
})
