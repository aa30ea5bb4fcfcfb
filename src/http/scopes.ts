import type { FastifyInstance, FastifyPluginAsync } from 'fastify'

/** What a request must be allowed to do. No route is for administrators yet. */
export type Scope = 'public' | 'view' | 'control' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig { readonly scope?: Scope }
}

/** A plugin with the routes of one scope, and each route's config names it. A hook that is added in a scope runs for its routes alone. */
export const inScope = (scope: Scope, register: (app: FastifyInstance) => Promise<void>): FastifyPluginAsync => async app => {
  app.addHook('onRoute', route => { route.config = { ...route.config, scope } })
  await register(app)
}
