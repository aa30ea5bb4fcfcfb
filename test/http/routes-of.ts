import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Test } from 'tap'
import type { Scope } from '../../src/access/principal.js'

export interface Route { readonly method: string, readonly url: string, readonly scope: Scope | undefined, /** Whether a signed link opens it. */ readonly takesLink: boolean, readonly needsEveryCamera: boolean }

/** Every route of the web server that `start` builds. */
export async function routesOf (t: Test, start: () => Promise<FastifyInstance>): Promise<Route[]> {
  const routes: RouteOptions[] = []
  const note = (message: unknown) => { (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', route => { routes.push(route) }) }
  subscribe('fastify.initialization', note)
  t.teardown(() => unsubscribe('fastify.initialization', note))
  const app = await start()
  await app.ready()
  unsubscribe('fastify.initialization', note)
  return routes.flatMap(({ method, url, config }) => [method].flat().map(method => ({ method, url, scope: config?.scope, takesLink: config?.showsPicture ?? config?.showsCameras ?? false, needsEveryCamera: config?.needsEveryCamera ?? false })))
}
