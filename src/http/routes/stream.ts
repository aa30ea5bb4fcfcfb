import type { OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Fleet } from '../../camera/fleet.js'
import { AUTO } from '../../renditions/renditions.js'
import type { Supervisor } from '../../camera/supervisor.js'
import type { Clock } from '../../clock.js'
import { AdaptiveSubscriber } from '../../adaptive/adaptive-subscriber.js'
import { MjpegResponse, STREAM_HEADERS } from '../../viewers/mjpeg-response.js'
import { PicturesOnly, wantsPicturesOnly } from '../../viewers/pictures-only.js'
import { CameraParams, Problem, Rendition } from '../schemas.js'
import type { ViewerLimit } from '../../viewers/viewer-limit.js'
import { partOfAddress } from '../../viewers/viewer-address.js'

/** A slow viewer may finish the frame it is being sent, for so long (milliseconds), when the service stops. */
const FINISH_WITHIN = 1_000
/** The kernel asks after a viewer that is sent nothing for so long (milliseconds): one whose machine is gone would hold its seat. */
const DEAD_AFTER = 15_000

const StreamQuery = Type.Object({
  fps: Type.Optional(Type.Number({ minimum: 0.001, maximum: 60, description: 'At most so many frames a second' })),
  rendition: Rendition,
  status: Type.Optional(Type.Enum(['on', 'off'], { description: 'off: the camera\'s pictures alone, all of one size. on unless given; off for libavformat and GStreamer (ffmpeg, OpenCV)' }))
})

export interface StreamOptions {
  readonly fleet: Fleet
  readonly clock: Clock
  readonly seats: ViewerLimit
}

/** MJPEG, for `<img>` tags. A viewer of a camera that is off stays, is told why, and sees the picture when it is back. */
export const streamRoute: FastifyPluginAsyncTypebox<StreamOptions> = async (app, { fleet, clock, seats }) => {
  const viewers = new Set<FastifyReply['raw']>()
  /** Behind a stream nothing is ever answered: requests that come there would wait, and fill the memory. */
  const streaming = new WeakSet<Socket>()
  app.server.prependListener('request', ({ socket }) => { if (streaming.has(socket)) socket.destroy() })
  const stream = (supervisor: Supervisor, { fps, rendition, status }: Static<typeof StreamQuery>, reply: FastifyReply) => {
    const { hub } = supervisor.watchable(rendition)
    const leaveSeat = seats.take(supervisor.camera)
    reply.hijack()
    const { raw } = reply
    raw.removeAllListeners('timeout').setTimeout(0) // MjpegResponse has its own: a camera may send a picture in ten minutes
    const response = new MjpegResponse(raw, raw.socket!, reply.getHeaders() as OutgoingHttpHeaders, rendition === AUTO)
    const sink = status === 'off' || (status === undefined && wantsPicturesOnly(reply.request.headers['user-agent'])) ? new PicturesOnly(response) : response
    raw.socket!.setKeepAlive(true, DEAD_AFTER)
    viewers.add(raw)
    streaming.add(raw.socket!)
    const subscription = { fps, from: partOfAddress(reply.request.ip) }
    raw.on('close', () => {
      viewers.delete(raw)
      leaveSeat()
    })
    if (rendition !== AUTO) hub.subscribe(sink, subscription)
    else new AdaptiveSubscriber({ rungs: supervisor.ladder(), sink, clock, subscription, onMove (to, from) { if (to > from) supervisor.noteMovedDown() } }).start()
  }
  const first = () => fleet.all[0]!
  const schema = { querystring: StreamQuery }

  app.get('/camera/:id', {
    exposeHeadRoute: false,
    schema: { summary: 'The camera as MJPEG, for an <img> tag', params: CameraParams, response: { 404: Problem, 503: Problem }, ...schema }
  }, (request, reply) => stream(fleet.get(request.params.id), request.query, reply))

  app.get('/video_feed', {
    exposeHeadRoute: false,
    schema: { summary: 'The first camera, for pages written for one', response: { 404: Problem, 503: Problem }, ...schema }
  }, (request, reply) => stream(first(), request.query, reply))

  app.head('/camera/:id', { schema: { params: CameraParams, ...schema } }, (request, reply) => {
    fleet.get(request.params.id).watchable(request.query.rendition)
    return reply.headers(STREAM_HEADERS).send()
  })
  app.head('/video_feed', { schema }, (request, reply) => {
    first().watchable(request.query.rendition)
    return reply.headers(STREAM_HEADERS).send()
  })

  app.addHook('preClose', async () => {
    for (const hub of fleet.all.flatMap(({ hubs }) => hubs)) hub.close()
    const deadline = setTimeout(() => { for (const raw of viewers) raw.destroy() }, FINISH_WITHIN)
    await Promise.all([...viewers].map(raw => new Promise(resolve => raw.once('close', resolve))))
    clearTimeout(deadline)
  })
}
