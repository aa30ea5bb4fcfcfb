import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

const Healthy = Type.Object({ status: Type.Literal('ok') })
const healthy = { status: 'ok' as const }

/** About the service, not the cameras: Docker must not restart it because a camera is unplugged. Fastify answers 503 while it closes. */
export const healthRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/health/live', { schema: { summary: 'The process answers', response: { 200: Healthy } } }, async () => healthy)
  app.get('/health/ready', { schema: { summary: 'The process takes viewers', response: { 200: Healthy } } }, async () => healthy)
}
