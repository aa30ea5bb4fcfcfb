import type { FastifyInstance, HTTPMethods } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { problem } from './errors.js'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

/** Collects the methods of every path that is registered from now on. */
export function noteMethods (app: FastifyInstance): Map<string, Set<HTTPMethods>> {
  const methods = new Map<string, Set<HTTPMethods>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    methods.set(url, known)
    for (const each of [method].flat()) known.add(each)
  })
  return methods
}

/** Answers 405 with `Allow` if a path exists, but not for this method. Register it after all routes. */
export const wrongMethods = fastifyPlugin<{ methods: ReturnType<typeof noteMethods> }>(async (app, { methods }) => {
  for (const [url, known] of [...methods]) {
    const allow = [...known].sort().join(', ')
    const others = METHODS.filter(method => !known.has(method))
    if (url === '*' || others.length === 0) continue
    app.route({
      url,
      method: others,
      handler: (request, reply) => reply.code(405).header('Allow', allow)
        .send(problem(405, 'METHOD_NOT_ALLOWED', `${request.method} is not for this address; it takes ${allow}.`))
    })
  }
})
