import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import { includes, type Principal } from '../../access/principal.js'
import { statusFor } from '../../camera/status-for.js'
import type { Clock } from '../../clock.js'
import type {} from '../../door/door.js' // declares the request's cameras and principal
import { IsoTime, nullable } from '../../json-schema.js'
import { version } from '../../package.js'
import type { Configuration, ConfigurationStatus } from '../../reload/configuration.js'
import { CameraStatusSchema, type CameraStatus } from '../../stream/status.js'
import { CameraParams, Problem } from '../schemas.js'

const ConfigStatusSchema = Type.Object({
  loadedAt: IsoTime,
  error: nullable(Type.Object({
    line: nullable(Type.Integer(), 'null if the trouble is not in the text, and for whoever is no administrator'),
    column: nullable(Type.Integer(), 'In characters, from 1'),
    message: Type.String({ description: 'What is wrong, for administrators; it may name cameras and users that others may not see' })
  }), 'Why cameras.yaml as it is now is not in force; null if it is'),
  restartNeeded: Type.Array(Type.String(), { description: 'For administrators: the keys of server that change when camgate is started again' })
}, { description: 'When what is in force was read, and whether the file has been changed to something that cannot be used' })
type ConfigStatus = Static<typeof ConfigStatusSchema>

const ServiceStatusSchema = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down'], {
    description: 'degraded: a camera that should show pictures, or its decoder, fails; down: all of them do'
  }),
  version: Type.String(),
  uptimeSeconds: Type.Integer(),
  config: ConfigStatusSchema,
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

/** What somebody may know of the configuration. */
function configFor ({ right }: Principal, { loadedAt, error, restartNeeded }: ConfigurationStatus): ConfigStatus {
  if (includes(right, 'admin')) return { loadedAt, error, restartNeeded: [...restartNeeded] }
  return { loadedAt, error: error && { line: null, column: null, message: 'The changed configuration cannot be used. An administrator sees why.' }, restartNeeded: [] }
}

export interface StatusOptions {
  readonly clock: Clock
  readonly configuration: Pick<Configuration, 'status'>
}

export const statusRoutes: FastifyPluginAsyncTypebox<StatusOptions> = async (app, { clock, configuration }) => {
  const started = clock.now()

  app.get('/status', {
    schema: { summary: 'How every camera is', response: { 200: ServiceStatusSchema } }
  }, async ({ cameras: visible, principal }) => {
    const cameras = visible.all.map(supervisor => [supervisor.camera.id, statusFor(principal, supervisor.status())] as const)
    return {
      status: overall(cameras.map(([, status]) => status)),
      version,
      uptimeSeconds: Math.floor((clock.now() - started) / 1_000),
      config: configFor(principal, configuration.status),
      order: cameras.map(([id]) => id),
      cameras: Object.fromEntries(cameras)
    }
  })

  app.get('/status/:id', {
    schema: { summary: 'How one camera is', params: CameraParams, response: { 200: CameraStatusSchema, 404: Problem } }
  }, async ({ cameras, principal, params: { id } }) => statusFor(principal, cameras.get(id).status()))
}
