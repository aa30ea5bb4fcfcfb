import type { Http2ServerResponse } from 'node:http2'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { authorize, EVERY_CAMERA, forbidden } from '../access/authorize.js'
import type { Principal, Scope } from '../access/principal.js'
import type { Revocations } from '../access/revocations.js'
import type { Fleet } from '../camera/fleet.js'
import { VisibleCameras } from '../camera/visible-cameras.js'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { WaysIn } from './ways-in.js'

export interface DoorParts {
  readonly fleet: Fleet
  readonly clock: Clock
  readonly revocations: Revocations
  /** Those in force: a changed configuration replaces them. */
  readonly waysIn: () => WaysIn
}

/**
 * Asks who sends each request, and whether they may, before anything else of its route runs: also for wrong methods, missing addresses, static
 * files and upgrades. Register it before all routes. The server does not start if a route has no scope.
 */
export const door = fastifyPlugin<DoorParts>(async (app, { fleet, clock, revocations, waysIn }) => {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => { routes.push(route) })
  app.addHook('onReady', async () => {
    const open = routes.filter(({ url, config }) => url !== '*' && !config?.scope)
    if (open.length > 0) throw new Error(`Routes without a scope: ${open.map(({ method, url }) => `${String(method)} ${url}`).join(', ')}`)
  })
  app.decorateRequest('principal')
  app.decorateRequest('cameras')
  app.decorate('identified', identified)
  app.addHook('onRequest', async (request, reply) => {
    const scope = scopeOf(request)
    if (scope === 'public') return
    reply.header('Cache-Control', 'no-store') // a cache on the way does not know who has logged in: also a 404 lists what somebody may see
    const principal = await identified(request).catch((error: unknown) => {
      if (error instanceof CamgateError && ['BAD_CREDENTIALS', 'EXPIRED'].includes(error.code)) waysIn().challenge(request, reply)
      throw error
    })
    if (hasLeft(reply)) return reply.hijack()
    const { id } = request.params as { id?: string }
    const decision = authorize(principal, scope, request.routeOptions.config.needsEveryCamera ? EVERY_CAMERA : id)
    if (!principal || decision === 'unknown') {
      waysIn().challenge(request, reply)
      throw new CamgateError('UNAUTHENTICATED', 'camgate does not know who asks: log in on its page, or send a user and password, a token or a signed link.')
    }
    if (decision === 'forbidden') throw forbidden(principal, scope)
    request.principal = principal
    request.cameras = new VisibleCameras(fleet, principal)
    if (decision === 'hidden') request.cameras.get(id!) // throws, as for a camera that does not exist
  })

  async function identified (request: FastifyRequest): Promise<Principal | undefined> {
    const asked = waysIn()
    for (const find of asked.identify) {
      const found = find(request)
      const principal = found instanceof Promise ? await found : found // most know at once that they are not meant
      if (waysIn() !== asked) return await identified(request) // a password takes a while to check: the user may be gone by now
      if (!principal) continue
      const verdict = revocations.verdict(principal, clock.wall())
      if (verdict === 'expired') throw new CamgateError('EXPIRED', 'Your login, token or link has expired: log in again, or reload the page that showed this.')
      if (verdict === 'revoked') throw new CamgateError('BAD_CREDENTIALS', 'An administrator has logged you out: log in again.')
      return principal
    }
    return undefined
  }
})

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Public routes ask nobody: there, neither is set. */
    principal: Principal
    /** What they may see. */
    cameras: VisibleCameras
  }
  interface FastifyInstance {
    /** Who sends a request, on routes that are public. Throws what an `Identify` throws, and EXPIRED or BAD_CREDENTIALS if the proof has ended. */
    identified (request: FastifyRequest): Promise<Principal | undefined>
  }
}

/**
 * Whether the client has left while the door found out who they are. Their response has closed, and never does again: whatever the route did until
 * then, such as keeping a viewer's seat, it would do for ever.
 */
const hasLeft = ({ raw }: FastifyReply): boolean => raw.destroyed || (raw as unknown as Partial<Http2ServerResponse>).stream?.destroyed === true

/** A missing address, and a preflight, which cannot carry a proof, reveal nothing. */
function scopeOf ({ routeOptions: { config }, is404, method }: FastifyRequest): Scope {
  return config.scope ?? (is404 || method === 'OPTIONS' ? 'public' : 'admin')
}
