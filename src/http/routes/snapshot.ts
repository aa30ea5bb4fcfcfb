import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { snapshot } from '../../stream/snapshot.js'
import { outageOf } from '../../lifecycle/state.js'
import type { Clock } from '../../clock.js'
import { CamgateError } from '../../errors.js'
import { CameraParams, problemOrPicture, RenditionQuery, sends } from '../schemas.js'
import type { Viewers } from '../../viewers/viewers.js'

/** The newest picture, never an old one. Without one, answers 503 with a picture of the reason, or with JSON for programs. */
export const snapshotRoute: FastifyPluginAsyncTypebox<{ clock: Clock, viewers: Viewers }> = async (app, { clock, viewers }) => {
  app.get('/camera/:id/snapshot', {
    config: { showsPicture: true },
    schema: {
      summary: 'The newest picture as a JPEG; X-Frame-Age is its age in milliseconds',
      params: CameraParams,
      querystring: Type.Object({ rendition: RenditionQuery }),
      response: {
        200: sends('image/jpeg', 'The picture'),
        404: problemOrPicture,
        503: problemOrPicture
      }
    }
  }, async ({ cameras, ip, params: { id }, query: { rendition }, headers: { accept = '' } }, reply) => {
    const supervisor = cameras.get(id)
    const stream = supervisor.stream(rendition)
    viewers.add(supervisor.camera, reply.raw, ip)
    const frame = await snapshot(stream, clock)
    reply.header('Vary', 'Accept')
    if (!frame) {
      const instead = accept.includes('application/json') ? undefined : await stream.statusPicture()
      const { camera } = supervisor
      const { state } = stream
      if (!instead) throw new CamgateError('NO_PICTURE', outageOf(state)?.message ?? `${camera.name} ${state.kind === 'running' ? 'is just back: ask again.' : `shows no picture: it is ${state.kind}.`}`)
      return reply.code(503)
        .header('Retry-After', '1')
        .header('X-Camera-State', state.kind)
        .type('image/jpeg')
        .send(Buffer.concat(instead.pieces as Buffer[]))
    }
    const age = Math.round(clock.now() - frame.at)
    if (frame.damaged) reply.header('X-Damaged', '1')
    return reply
      .header('X-Frame-Age', age)
      .header('X-Timestamp', (frame.wall / 1000).toFixed(3))
      .type('image/jpeg')
      .send(frame.jpeg)
  })
}
