import type { OutgoingHttpHeaders } from 'node:http'
import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { AUTO } from '../../renditions/renditions.js'
import type { Supervisor } from '../../camera/supervisor.js'
import type { Clock } from '../../clock.js'
import { sentToHttp1 } from '../../http2/to-http1.js'
import { AdaptiveSubscriber } from '../../adaptive/adaptive-subscriber.js'
import { PLAIN } from '../../stream/drawing.js'
import { MjpegResponse, STREAM_HEADERS, type LastPicture } from '../../viewers/mjpeg-response.js'
import { PicturesOnly, wantsPicturesOnly } from '../../viewers/pictures-only.js'
import { CameraParams, problemOrPicture, RenditionQuery, sends } from '../schemas.js'
import { partOfAddress } from '../../viewers/viewer-address.js'
import type { Audience } from '../../viewers/audience.js'
import type { Viewers } from '../../viewers/viewers.js'

/** The kernel probes a viewer that is sent nothing for this long. Otherwise one whose machine is gone would count as a viewer for ever. */
const KEEP_ALIVE_MS = 15_000

const StreamQuery = Type.Object({
  fps: Type.Optional(Type.Number({ minimum: 0.001, maximum: 60, description: 'The highest rate, in frames a second' })),
  rendition: RenditionQuery,
  status: Type.Optional(Type.Enum(['on', 'off'], { description: 'off: only the camera\'s pictures, all of one size. The default is on; off for libavformat and GStreamer (ffmpeg, OpenCV)' }))
})

const MJPEG = sends('multipart/x-mixed-replace', 'JPEGs, one part each, until the viewer leaves')

/** A viewer who may not watch any longer has this long to receive the picture that says so. */
const LAST_PICTURE_TIMEOUT_MS = 3_000
const PROOF_ENDED = {
  expired: 'Your login, or the link to this picture, has ended. Reload the page.',
  revoked: 'An administrator has logged you out. Log in again.',
  changed: 'What you may see has changed. Reload the page.'
}

export interface StreamOptions {
  readonly clock: Clock
  readonly viewers: Viewers
  readonly audience: Audience
}

/** MJPEG, for `<img>` tags. Viewers of a camera that is off stay connected, see the reason, and see the picture when it is back. */
export const streamRoute: FastifyPluginAsyncTypebox<StreamOptions> = async (app, { clock, viewers, audience }) => {
  const stream = (supervisor: Supervisor, { fps, rendition, status }: Static<typeof StreamQuery>, reply: FastifyReply) => {
    const watched = supervisor.stream(rendition)
    if (sentToHttp1(reply)) return
    const { raw, request } = reply
    const { principal } = request
    viewers.addStream(supervisor.camera, raw, request.ip)
    reply.hijack()
    raw.removeAllListeners('timeout').setTimeout(0) // MjpegResponse has its own: a camera may send a picture in ten minutes
    raw.socket!.setKeepAlive(true, KEEP_ALIVE_MS)
    const isPicturesOnly = status === 'off' || (status === undefined && wantsPicturesOnly(request.headers['user-agent']))
    const lastPicture = (picture: LastPicture['picture'], state: string): LastPicture => ({ picture, stamp: { at: clock.now(), wall: clock.wall(), state } })
    const response = new MjpegResponse(raw, raw.socket!, reply.getHeaders() as OutgoingHttpHeaders, { isAdaptive: rendition === AUTO, last: isPicturesOnly ? undefined : () => lastPicture(PLAIN, 'ended') })
    const sink = isPicturesOnly ? new PicturesOnly(response) : response
    const subscription = { fps, from: partOfAddress(request.ip), user: principal.kind === 'anyone' ? undefined : principal.name, ages: viewers.ages.mjpeg }
    const subscriber = rendition === AUTO
      ? new AdaptiveSubscriber({ options: supervisor.renditionOptions(), sink, clock, subscription, onSwitch (to, from) { if (to > from) supervisor.noteMovedDown() } }).start()
      : watched.hub.subscribe(sink, subscription)
    audience.add(principal, raw, why => {
      subscriber.end()
      clock.after(LAST_PICTURE_TIMEOUT_MS, () => raw.destroy())
      if (isPicturesOnly) sink.end()
      else {
        watched.lastPicture(PROOF_ENDED[why]).then(picture => response.endWith(lastPicture(picture, why)))
          .catch(() => sink.end()) // like the camera's last picture under it, it may contain the boundary
      }
    })
  }
  const schema = { querystring: StreamQuery }
  const config = { showsPicture: true }

  app.get('/camera/:id', {
    config,
    exposeHeadRoute: false,
    schema: { summary: 'The camera as MJPEG, for an <img> tag', params: CameraParams, response: { 200: MJPEG, 404: problemOrPicture, 503: problemOrPicture }, ...schema }
  }, (request, reply) => stream(request.cameras.get(request.params.id), request.query, reply))

  app.get('/video_feed', {
    config,
    exposeHeadRoute: false,
    schema: { summary: 'The first camera, for pages written for one', response: { 200: MJPEG, 404: problemOrPicture, 503: problemOrPicture }, ...schema }
  }, (request, reply) => stream(request.cameras.first, request.query, reply))

  app.head('/camera/:id', { config, schema: { params: CameraParams, ...schema } }, (request, reply) => {
    request.cameras.get(request.params.id).stream(request.query.rendition)
    return sentToHttp1(reply) ? undefined : reply.headers(STREAM_HEADERS).send()
  })
  app.head('/video_feed', { config, schema }, (request, reply) => {
    request.cameras.first.stream(request.query.rendition)
    return sentToHttp1(reply) ? undefined : reply.headers(STREAM_HEADERS).send()
  })
}
