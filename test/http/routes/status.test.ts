import { pino } from 'pino'
import t from 'tap'
import { buildApp } from '../../../src/app.js'
import { CameraEvents } from '../../../src/events/camera-events.js'
import type { CameraStatus } from '../../../src/stream/status.js'
import { overall } from '../../../src/http/routes/status.js'
import { version } from '../../../src/package.js'
import { build, noFile, noNotifications, unchanged } from '../build.js'

t.test('status', async t => {
  t.test('counts whole seconds from the start of serving, not of the process', async t => {
    const { fleet, clock, played } = await build(t)
    clock.advance(80_000) // what npm start sets up before
    const app = await buildApp({ fleet, clock, events: new CameraEvents(fleet, clock), configuration: unchanged, notifications: noNotifications, cameraFile: noFile, draw: played.draw, log: pino({ level: 'silent' }) })
    t.teardown(() => app.close())
    const uptime = async () => (await app.inject('/status')).json<{ uptimeSeconds: number }>().uptimeSeconds
    t.equal(await uptime(), 0)
    clock.advance(61_999)
    t.equal(await uptime(), 61)
  })
  t.test('describes the service and every camera', async t => {
    const { app, fleet, played, clock } = await build(t)
    fleet.start()
    played.frame('1')
    clock.advance(30)
    played.exit(['Connection refused'], 'lab')
    const answer = await app.inject('/status')
    t.equal(answer.headers['cache-control'], 'no-store')
    t.same(answer.json(), {
      config: { loadedAt: '2026-01-01T00:00:00.000Z', error: null, restartNeeded: [] },
      uptimeSeconds: 0,
      status: 'degraded',
      version,
      order: ['1', 'lab'],
      cameras: {
        1: {
          name: 'Yard',
          address: 'rtsp://127.0.0.1/1',
          simulated: false,
          state: 'running',
          since: '2026-01-01T00:00:00.000Z',
          failure: null,
          nextRetryAt: null,
          fps: 1,
          fpsLimit: 20,
          onDemand: false,
          frameAgeMs: 30,
          width: 64,
          height: 48,
          input: null,
          decoder: null,
          viewers: 0,
          watching: [],
          framesTotal: 1,
          droppedTotal: 0,
          restarts: 0,
          renditions: {},
          substream: null,
          ptz: null
        },
        lab: {
          name: 'Laboratory',
          address: 'rtsp://127.0.0.1/1',
          simulated: false,
          state: 'waiting',
          since: '2026-01-01T00:00:00.030Z',
          failure: { code: 'refused', message: fleet.get('lab').status().failure?.message, since: '2026-01-01T00:00:00.030Z' },
          nextRetryAt: '2026-01-01T00:00:01.030Z',
          fps: 0,
          fpsLimit: 20,
          onDemand: false,
          frameAgeMs: null,
          width: null,
          height: null,
          input: null,
          decoder: null,
          viewers: 0,
          watching: [],
          framesTotal: 0,
          droppedTotal: 0,
          restarts: 0,
          renditions: {},
          substream: null,
          ptz: null
        }
      }
    })
    t.same((await app.inject('/status/1')).json(), answer.json().cameras[1])
  })

  t.test('is ok, degraded or down depending on the cameras that should show pictures', async t => {
    const of = (...cameras: Array<[state: CameraStatus['state'], failing?: boolean]>) =>
      overall(cameras.map(([state, failing]) => ({ state, failure: failing ? {} : null }) as CameraStatus))
    t.equal(of(['running'], ['starting'], ['stopped'], ['idle']), 'ok')
    t.equal(of(['stopped']), 'ok')
    t.equal(of(['running'], ['waiting', true]), 'degraded')
    t.equal(of(['starting', true], ['waiting', true], ['stopped']), 'down')
    const undecoded = { state: 'running', failure: null, decoder: { failure: {} } } as CameraStatus
    const well = { state: 'running', failure: null, decoder: { failure: null } } as CameraStatus
    t.same([overall([well]), overall([well, undecoded]), overall([undecoded])], ['ok', 'degraded', 'down'], 'a camera that is read, but not decoded because that fails')
  })
})
