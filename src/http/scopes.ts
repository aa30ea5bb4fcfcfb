import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Scope } from '../access/principal.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly scope?: Scope
    /** It shows a picture: a signed link is enough to be let in, and an `<img>` that is not gets a picture of the reason. */
    readonly linkable?: boolean
    /** For a GET: whether it changes something nevertheless. */
    readonly changesState?: boolean
    /** Whether it is a picture, which pages of other sites may show. */
    readonly embeddable?: boolean
  }
}

/** A plugin with the routes of one scope, which each route's config names. A hook added in a scope runs only for its routes. */
export const inScope = (scope: Scope, register: (app: FastifyInstance) => Promise<void>): FastifyPluginAsync => async app => {
  app.addHook('onRoute', route => { route.config = { ...route.config, scope } })
  await register(app)
}
