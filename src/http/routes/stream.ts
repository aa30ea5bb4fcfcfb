import type { OutgoingHttpHeaders } from 'node:http'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Fleet } from '../../camera/fleet.js'
import type { Supervisor } from '../../camera/supervisor.js'
import { MjpegResponse, STREAM_HEADERS } from '../mjpeg-response.js'
import { CameraParams } from '../schemas.js'

/** A slow viewer may finish the frame it is being sent, for so long (milliseconds), when the service stops. */
const FINISH_WITHIN = 1_000
/** After so long without a sign (milliseconds) the kernel asks whether a viewer is still there. */
const KEEP_ALIVE = 30_000

const StreamQuery = Type.Object({
  fps: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 60, description: 'At most so many frames a second' }))
})

/** MJPEG, for `<img>` tags. A viewer of a camera that is off stays, and sees the picture when it is back. */
export const streamRoute: FastifyPluginAsyncTypebox<{ fleet: Fleet }> = async (app, { fleet }) => {
  const viewers = new Set<FastifyReply['raw']>()
  const stream = (supervisor: Supervisor, fps: number | undefined, reply: FastifyReply) => {
    reply.hijack()
    const { raw } = reply
    raw.socket?.setKeepAlive(true, KEEP_ALIVE) // one that vanishes while the camera is off is sent nothing that could fail
    viewers.add(raw)
    const subscriber = supervisor.hub.subscribe(new MjpegResponse(raw, reply.getHeaders() as OutgoingHttpHeaders), { fps })
    raw.on('close', () => {
      viewers.delete(raw)
      subscriber.end()
    })
  }
  const first = () => fleet.all[0]!
  const schema = { querystring: StreamQuery }

  app.get('/camera/:id', {
    exposeHeadRoute: false,
    schema: { summary: 'The camera as MJPEG, for an <img> tag', params: CameraParams, ...schema }
  }, (request, reply) => stream(fleet.get(request.params.id), request.query.fps, reply))

  app.get('/video_feed', {
    exposeHeadRoute: false,
    schema: { summary: 'The first camera, for pages written for one', ...schema }
  }, (request, reply) => stream(first(), request.query.fps, reply))

  app.head('/camera/:id', { schema: { params: CameraParams, ...schema } }, (request, reply) => {
    fleet.get(request.params.id)
    return reply.headers(STREAM_HEADERS).send()
  })
  app.head('/video_feed', { schema }, (_request, reply) => reply.headers(STREAM_HEADERS).send())

  app.addHook('preClose', async () => {
    for (const { hub } of fleet.all) hub.close()
    const deadline = setTimeout(() => { for (const raw of viewers) raw.destroy() }, FINISH_WITHIN)
    await Promise.all([...viewers].map(raw => new Promise(resolve => raw.once('close', resolve))))
    clearTimeout(deadline)
  })
}
