import Fastify from 'fastify'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import t from 'tap'
import { anyone } from '../../../src/access/principal.js'
import type { VisibleCameras } from '../../../src/camera/visible-cameras.js'
import { statusRoutes } from '../../../src/http/routes/status.js'
import { version } from '../../../src/package.js'
import type { CameraStatus } from '../../../src/stream/status.js'
import { FakeClock } from '../../fake-clock.js'
import { unchanged } from '../build.js'
import { decoderStatus, inputStatus, renditionStatus, viewerStatus } from '../../status.js'

/** Every field has a value, in another order than the answer's. */
const full: CameraStatus = {
  ptz: 'yes',
  substream: { restarts: 1, input: null, viewers: 2, failure: null, nextRetryAt: null, since: '2026-01-01T00:00:05.000Z', state: 'running', address: 'rtsp://cam/small' },
  renditions: { thumb: renditionStatus },
  restarts: 3,
  decoder: {
    overloaded: { since: '2026-01-01T00:00:07.000Z', picturesDropped: 5 },
    notes: ['vaapi did not start'],
    for: 'linger',
    nextRetryAt: '2026-01-01T00:00:09.000Z',
    failure: { code: 'exited', message: 'It ended.', since: '2026-01-01T00:00:08.000Z' },
    since: '2026-01-01T00:00:04.000Z',
    state: 'waiting',
    name: 'software'
  },
  input: {
    reorderDelayMs: 101,
    reorders: true,
    pictureAgeMs: 8,
    groupExceeded: 'time',
    group: { durationMs: 950, bytes: 240_000, pictures: 20 },
    keyIntervalMs: 4_000,
    cameraTime: '2025-12-31T23:59:59.000Z',
    notes: ['vaapi did not work'],
    jitterMs: 1.5,
    damaged: { since: '2026-01-01T00:00:06.000Z', pictures: 2 },
    picturesDamaged: 4,
    packetsLost: 9,
    bitsPerSecond: 1_200_000,
    fps: 19.8,
    height: 1080,
    width: 1920,
    profile: 'High',
    codec: 'h264',
    copied: false,
    transport: 'udp',
    reason: 'because',
    ingest: 'direct'
  },
  fpsLimit: 20,
  onDemand: false,
  simulated: true,
  address: 'rtsp://cam/live',
  name: 'Yard',
  ...renditionStatus,
  state: 'waiting',
  failure: { code: 'refused', message: 'Nothing answers.', since: '2026-01-01T00:00:01.000Z' },
  nextRetryAt: '2026-01-01T00:00:02.000Z',
  watching: [viewerStatus]
}
/** Null wherever something may be unknown. */
const empty: CameraStatus = {
  ...full,
  failure: null,
  nextRetryAt: null,
  frameAgeMs: null,
  width: null,
  height: null,
  watching: [{ from: '', by: 'mjpeg', since: '', fps: 0, droppedTotal: 0, lagMs: null, shownAgeMs: null }],
  substream: null,
  renditions: {},
  input: inputStatus,
  decoder: { ...decoderStatus, name: null, for: null }
}
const statuses = { full, empty, unread: { ...empty, input: null, decoder: null } satisfies CameraStatus }
const failed = '"failure":{"code":"refused","message":"Nothing answers.","since":"2026-01-01T00:00:01.000Z"},"nextRetryAt":"2026-01-01T00:00:02.000Z"'
const head = '{"name":"Yard","address":"rtsp://cam/live","simulated":true,"state":"waiting","since":"2026-01-01T00:00:00.000Z"'
const nobody = '"watching":[{"from":"","by":"mjpeg","since":"","fps":0,"droppedTotal":0,"lagMs":null,"shownAgeMs":null}],"framesTotal":40,"droppedTotal":0,"fpsLimit":20,"onDemand":false'
const expected: Record<keyof typeof statuses, string> = {
  full: `${head},${failed},"fps":4.9,"frameAgeMs":12,"width":320,"height":180,"viewers":1,` +
    '"watching":[{"from":"192.0.2.x","by":"mjpeg","since":"2026-01-01T00:00:03.000Z","fps":4.5,"droppedTotal":1,"lagMs":20,"shownAgeMs":null}],"framesTotal":40,"droppedTotal":0,"fpsLimit":20,"onDemand":false,' +
    '"input":{"ingest":"direct","reason":"because","transport":"udp","copied":false,"codec":"h264","profile":"High","width":1920,"height":1080,"fps":19.8,"bitsPerSecond":1200000,"packetsLost":9,"picturesDamaged":4,' +
    '"damaged":{"since":"2026-01-01T00:00:06.000Z","pictures":2},"jitterMs":1.5,' +
    '"keyIntervalMs":4000,"group":{"pictures":20,"bytes":240000,"durationMs":950},"groupExceeded":"time","pictureAgeMs":8,"reorders":true,"reorderDelayMs":101,"notes":["vaapi did not work"],"cameraTime":"2025-12-31T23:59:59.000Z"},' +
    '"decoder":{"name":"software","state":"waiting","since":"2026-01-01T00:00:04.000Z","failure":{"code":"exited","message":"It ended.","since":"2026-01-01T00:00:08.000Z"},"nextRetryAt":"2026-01-01T00:00:09.000Z",' +
    '"for":"linger","notes":["vaapi did not start"],"overloaded":{"since":"2026-01-01T00:00:07.000Z","picturesDropped":5}},"restarts":3,' +
    '"renditions":{"thumb":{"state":"running","since":"2026-01-01T00:00:00.000Z","failure":null,"nextRetryAt":null,"fps":4.9,"frameAgeMs":12,"width":320,"height":180,"viewers":1,"watching":[],"framesTotal":40,"droppedTotal":0}},' +
    '"substream":{"address":"rtsp://cam/small","state":"running","since":"2026-01-01T00:00:05.000Z","failure":null,"nextRetryAt":null,"viewers":2,"input":null,"restarts":1},"ptz":"yes"}',
  empty: `${head},"failure":null,"nextRetryAt":null,"fps":4.9,"frameAgeMs":null,"width":null,"height":null,"viewers":1,${nobody},` +
    '"input":{"ingest":"ffmpeg","reason":null,"transport":null,"copied":null,"codec":null,"profile":null,"width":null,"height":null,"fps":null,"bitsPerSecond":null,"packetsLost":null,"picturesDamaged":null,' +
    '"damaged":null,"jitterMs":null,"keyIntervalMs":null,"group":null,"groupExceeded":null,"pictureAgeMs":null,"reorders":null,"reorderDelayMs":null,"notes":[],"cameraTime":null},' +
    '"decoder":{"name":null,"state":"running","since":"2026-01-01T00:00:01.000Z","failure":null,"nextRetryAt":null,"for":null,"notes":[],"overloaded":null},"restarts":3,"renditions":{},"substream":null,"ptz":"yes"}',
  unread: `${head},"failure":null,"nextRetryAt":null,"fps":4.9,"frameAgeMs":null,"width":null,"height":null,"viewers":1,${nobody},"input":null,"decoder":null,"restarts":3,"renditions":{},"substream":null,"ptz":"yes"}`
}

t.test('the response of /status has every field in a fixed order, to the byte', async t => {
  const cameras = {
    all: Object.entries(statuses).map(([id, status]) => ({ camera: { id }, status: () => status })),
    get: (id: keyof typeof statuses) => ({ status: () => statuses[id] })
  } as unknown as VisibleCameras
  const app = Fastify().setValidatorCompiler(TypeBoxValidatorCompiler)
  app.addHook('onRequest', async request => { Object.assign(request, { cameras, principal: anyone('admin') }) })
  await app.register(statusRoutes, { clock: new FakeClock(), configuration: unchanged })
  t.teardown(() => app.close())
  for (const [id, json] of Object.entries(expected)) t.equal((await app.inject(`/status/${id}`)).payload, json, id)
  const { full, empty, unread } = expected
  t.equal((await app.inject('/status')).payload, `{"status":"degraded","version":"${version}","uptimeSeconds":0,"config":{"loadedAt":"2026-01-01T00:00:00.000Z","error":null,"restartNeeded":[]},"order":["full","empty","unread"],"cameras":{"full":${full},"empty":${empty},"unread":${unread}}}`)
})
