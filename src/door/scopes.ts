import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Scope } from '../access/principal.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly scope?: Scope
    /** A signed link opens it, pages of other sites may show it, and an `<img>` that is not let in gets a picture of the reason. */
    readonly showsPicture?: boolean
    /** A signed link opens it, for the cameras that the `cameras` of its query lists. */
    readonly showsCameras?: boolean
    /** It is about all cameras together: whoever may see only some of them is refused. */
    readonly needsEveryCamera?: boolean
    /** For a GET: whether it changes something nevertheless. */
    readonly changesState?: boolean
    /** A person whose browser does not say that they asked for it is shown the stop page, instead of a refusal. */
    readonly hasStopPage?: boolean
  }
}

/** A plugin with the routes of one scope, which each route's config names. A hook added in a scope runs only for its routes. */
export const inScope = (scope: Scope, register: (app: FastifyInstance) => Promise<void>): FastifyPluginAsync => async app => {
  app.addHook('onRoute', route => { route.config = { ...route.config, scope } })
  await register(app)
}
