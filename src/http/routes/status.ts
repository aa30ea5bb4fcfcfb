import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Fleet } from '../../camera/fleet.js'
import type { CameraStatus } from '../../stream/status.js'
import type { Clock } from '../../clock.js'
import { version } from '../../package.js'
import { Camera, CameraParams, Problem, Service } from '../schemas.js'

/** `degraded` while one camera that should show pictures does not, `down` when none of them does. */
export function overall (cameras: readonly CameraStatus[]): 'ok' | 'degraded' | 'down' {
  const wanted = cameras.filter(({ state }) => state !== 'stopped' && state !== 'idle')
  const failing = wanted.filter(({ failure }) => failure)
  if (failing.length === 0) return 'ok'
  return failing.length === wanted.length ? 'down' : 'degraded'
}

export const statusRoutes: FastifyPluginAsyncTypebox<{ fleet: Fleet, clock: Clock }> = async (app, { fleet, clock }) => {
  const started = clock.now()

  app.get('/status', {
    schema: { summary: 'How every camera is', response: { 200: Service } }
  }, async (_request, reply) => {
    const cameras = fleet.all.map(supervisor => [supervisor.camera.id, supervisor.status()] as const)
    reply.header('Cache-Control', 'no-store')
    return {
      status: overall(cameras.map(([, status]) => status)),
      version,
      uptimeSeconds: Math.floor((clock.now() - started) / 1_000),
      cameras: Object.fromEntries(cameras)
    }
  })

  app.get('/status/:id', {
    schema: { summary: 'How one camera is', params: CameraParams, response: { 200: Camera, 404: Problem } }
  }, async ({ params: { id } }, reply) => {
    reply.header('Cache-Control', 'no-store')
    return fleet.get(id).status()
  })
}
