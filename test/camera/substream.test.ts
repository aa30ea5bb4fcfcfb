import { pino } from 'pino'
import t from 'tap'
import { Supervisor } from '../../src/camera/supervisor.js'
import { cameraLaunch } from '../../src/capture/camera-launch.js'
import { systemClock } from '../../src/clock.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { noteLog } from '../../src/decoder/note-log.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import { LINGER_MS } from '../../src/lifecycle/demand.js'
import { STALL_TIMEOUT_MS } from '../../src/lifecycle/lifecycle.js'
import type { LivePicture } from '../../src/live/live-picture.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'
import { small } from '../simulator/small.js'
import { supervise } from './coded-camera.js'

const SUB = '1.sub'
const format = { profile: 'Main', width: 480, height: 272, depth: 8 }
const parameterSets = [Buffer.from('674d001e', 'hex')]

/** A camera with a substream. */
function withSubstream (config: Partial<LiveCamera> = {}) {
  const all = supervise({ substream: { type: 'rtsp', url: 'rtsp://127.0.0.1/2' }, ...config })
  const { supervisor, played } = all
  const substream = supervisor.substream!
  return {
    ...all,
    substream,
    attempts: () => played.attempts.filter(({ id }) => id === SUB).length,
    mainAttempts: () => played.attempts.filter(({ id }) => id !== SUB).length,
    watchSmall () {
      const seen: LivePicture[] = []
      const subscriber = substream.live.subscribe({ write (picture, done) { seen.push(picture); done() }, end () { seen.length = 0 } })
      return { seen, leave: () => { subscriber.end() } }
    },
    async connectSmall () {
      await turn()
      played.track(SUB)
      played.coded(true, SUB, { format, parameterSets })
    }
  }
}

t.test('a substream', async t => {
  t.test('is read only while somebody watches it, beside the camera itself', async t => {
    const all = withSubstream()
    const { supervisor, substream, watchSmall, attempts, clock, played, connectSmall } = all
    await all.run()
    t.equal(attempts(), 0)
    t.match(supervisor.status().substream, { address: 'rtsp://127.0.0.1/2', state: 'idle', viewers: 0, input: null, restarts: 0 })
    const { seen, leave } = watchSmall()
    await connectSmall()
    t.equal(attempts(), 1)
    t.match(seen, [{ config: { width: 480, height: 272, kind: 'h264' } }])
    t.match(supervisor.status(), { state: 'running', viewers: 1, substream: { state: 'running', viewers: 1 } })
    leave()
    for (let s = 0; s < LINGER_MS; s += 1_000) {
      t.equal(played.stops(SUB), 0)
      played.coded()
      played.coded(false, SUB)
      clock.advance(1_000)
    }
    t.equal(played.stops(SUB), 1)
    played.exit([], SUB)
    t.equal(substream.state.kind, 'idle')
    t.match(substream.config, { width: 480 }, 'its size is remembered')
    t.equal(supervisor.state.kind, 'running')
  })
  t.test('does not log in while the camera has not accepted the password, or refuses it', async t => {
    const all = withSubstream()
    const { supervisor, watchSmall, attempts, mainAttempts, played, clock } = all
    watchSmall()
    await supervisor.start()
    await turn()
    t.equal(mainAttempts(), 1)
    t.equal(attempts(), 0)
    played.attempts[0]!.onExit({ code: 'auth', locks: true, message: 'Wrong.' })
    clock.advance(60_000)
    await turn()
    t.same([mainAttempts(), attempts()], [1, 0])
    clock.advance(4 * 60_000)
    await turn()
    t.same([mainAttempts(), attempts()], [2, 0])
  })
  t.test('knows what the camera accepts, and does not share its logins', async t => {
    const all = withSubstream()
    const { watchSmall, played } = all
    await all.run()
    watchSmall()
    await turn()
    const [main, sub] = played.attempts.map(({ memory }) => memory.auth)
    main!.digest = true
    main!.refused.add('SHA-256 utf8')
    main!.unanswered = true
    t.match(sub, { digest: true, unanswered: false })
    t.ok(sub!.refused.has('SHA-256 utf8'))
  })
  t.test('fails by itself, and is tried again', async t => {
    const all = withSubstream()
    const { supervisor, substream, watchSmall, attempts, played, clock, connectSmall } = all
    await all.run()
    const { seen } = watchSmall()
    await connectSmall()
    for (let s = 0; s < STALL_TIMEOUT_MS; s += 1_000) {
      played.coded(false)
      clock.advance(1_000)
    }
    t.match(supervisor.status(), { state: 'running', failure: null, substream: { state: 'stopping', failure: { code: 'stalled' } } }, 'it has a watchdog of its own')
    played.attempts.find(({ id }) => id === SUB)!.onExit(undefined)
    t.match(supervisor.status(), { state: 'running', restarts: 0, substream: { state: 'waiting', failure: { code: 'stalled' } } })
    played.coded()
    clock.advance(1_000)
    await connectSmall()
    t.equal(attempts(), 2)
    t.match(supervisor.status().substream, { state: 'running', restarts: 1 })
    t.equal(seen.length, 2)
    t.equal(substream.state.kind, 'running')
  })
  t.test('stops with the camera, and ends with it', async t => {
    const all = withSubstream()
    const { supervisor, watchSmall, played, connectSmall, clock } = all
    supervisor.live.subscribe({ write (_, done) { done() }, end () {} })
    await all.run()
    const { seen } = watchSmall()
    await connectSmall()
    const stopped = supervisor.stop()
    t.equal(played.stops(SUB), 1)
    played.exit([], SUB)
    played.exit()
    await stopped
    t.match(supervisor.status(), { state: 'stopped', substream: { state: 'idle' } })
    t.equal(seen.length, 1)
    await supervisor.close()
    t.equal(seen.length, 0)
    t.equal(clock.pending, 0)
  })
  t.test('wakes an on-demand camera', async t => {
    const all = withSubstream({ onDemand: true })
    const { supervisor, watchSmall, attempts, mainAttempts } = all
    await supervisor.start()
    await turn()
    t.same([mainAttempts(), attempts()], [0, 0])
    watchSmall()
    await all.connect()
    t.same([mainAttempts(), attempts()], [1, 1])
  })
  t.test('of JPEGs is of no use', async t => {
    const all = withSubstream()
    const { supervisor, watchSmall, played } = all
    await all.run()
    watchSmall()
    await turn()
    played.track(SUB, { codec: 'mjpeg' })
    t.match(supervisor.status(), { state: 'running', substream: { state: 'stopping', failure: { code: 'unsupported' } } })
    t.equal(played.stops(SUB), 1)
  })
})

t.test('a camera without one has none', async t => {
  const { supervisor } = supervise()
  t.equal(supervisor.substream, undefined)
  t.equal(supervisor.status().substream, null)
})

t.test('a camera with two streams', async t => {
  const login = { auth: 'digest', username: 'admin', password: 'right' } as const
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, ...login, id: 'large' }, { ...small, ...login, id: 'little', width: 256, height: 144 }] })
  t.teardown(() => simulator.close())
  const log = pino({ level: 'silent' })
  const address = (id: string) => ({ type: 'rtsp' as const, url: simulator.url(id) })
  const read = (password: string) => {
    const supervisor = new Supervisor({ ...camera, source: address('large'), substream: address('little'), credentials: { username: 'admin', password } }, {
      ...new FakeLaunch(systemClock).parts(log), launch: cameraLaunch(new FfmpegInstall(), systemClock, log, noteLog(log))
    })
    const seen: LivePicture[] = []
    supervisor.substream!.live.subscribe({ write (picture, done) { seen.push(picture); done() }, end () {} })
    return { supervisor, seen }
  }
  t.test('gives the small one to who watches it', async t => {
    const { supervisor, seen } = read('right')
    await supervisor.start()
    await until('pictures of both came', () => seen.length > 2 && supervisor.coded.hasPictures)
    t.match(seen[0], { key: true, config: { width: 256, height: 144, kind: 'h264', codec: /^avc1\.[0-9a-f]{6}$/, reorders: false } })
    t.match(supervisor.status(), { state: 'running', input: { width: 320 }, substream: { state: 'running', address: simulator.url('little'), input: { width: 256, reorders: false } } })
    t.equal(simulator.stats('little').rejections, 0)
    await supervisor.close()
    await until('it was closed', () => simulator.stats('little').connections === 0)
  })
  t.test('is asked with a wrong password at one of them only', async t => {
    const before = simulator.stats('little').connectionsTotal
    const { supervisor } = read('wrong')
    await supervisor.start()
    await until('it has refused', () => supervisor.status().failure?.code === 'auth')
    t.ok(simulator.stats('large').rejections > 0)
    t.equal(simulator.stats('little').connectionsTotal, before)
    await supervisor.close()
  })
})
