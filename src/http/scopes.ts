import type { FastifyInstance, FastifyPluginAsync } from 'fastify'

/** The permission that a route requires. No route is for administrators yet. */
export type Scope = 'public' | 'view' | 'control' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig { readonly scope?: Scope }
}

/** A plugin with the routes of one scope, which each route's config names. A hook added in a scope runs only for its routes. */
export const inScope = (scope: Scope, register: (app: FastifyInstance) => Promise<void>): FastifyPluginAsync => async app => {
  app.addHook('onRoute', route => { route.config = { ...route.config, scope } })
  await register(app)
}
