import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import { statusFor } from '../../camera/status-for.js'
import type { Clock } from '../../clock.js'
import type {} from '../../door/door.js' // declares the request's cameras and principal
import { version } from '../../package.js'
import { CameraStatusSchema, type CameraStatus } from '../../stream/status.js'
import { CameraParams, Problem } from '../schemas.js'

const ServiceStatusSchema = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down'], {
    description: 'degraded: a camera that should show pictures, or its decoder, fails; down: all of them do'
  }),
  version: Type.String(),
  uptimeSeconds: Type.Integer(),
  order: Type.Array(Type.String(), { description: 'The ids of the cameras in the order of the configuration, which an object with numbers for names does not keep' }),
  cameras: Type.Record(Type.String(), CameraStatusSchema)
})
export type ServiceStatus = Static<typeof ServiceStatusSchema>

/** `degraded` while a camera that should show pictures, or its decoder, has failed; `down` when all of them have. */
export function overall (cameras: readonly CameraStatus[]): ServiceStatus['status'] {
  const wanted = cameras.filter(({ state }) => state !== 'stopped' && state !== 'idle')
  const failing = wanted.filter(({ failure, decoder }) => failure ?? decoder?.failure)
  if (failing.length === 0) return 'ok'
  return failing.length === wanted.length ? 'down' : 'degraded'
}

export const statusRoutes: FastifyPluginAsyncTypebox<{ clock: Clock }> = async (app, { clock }) => {
  const started = clock.now()

  app.get('/status', {
    schema: { summary: 'How every camera is', response: { 200: ServiceStatusSchema } }
  }, async ({ cameras: visible, principal }) => {
    const cameras = visible.all.map(supervisor => [supervisor.camera.id, statusFor(principal, supervisor.status())] as const)
    return {
      status: overall(cameras.map(([, status]) => status)),
      version,
      uptimeSeconds: Math.floor((clock.now() - started) / 1_000),
      order: cameras.map(([id]) => id),
      cameras: Object.fromEntries(cameras)
    }
  })

  app.get('/status/:id', {
    schema: { summary: 'How one camera is', params: CameraParams, response: { 200: CameraStatusSchema, 404: Problem } }
  }, async ({ cameras, principal, params: { id } }) => statusFor(principal, cameras.get(id).status()))
}
