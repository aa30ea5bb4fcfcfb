import { pino } from 'pino'
import t from 'tap'
import { unreadable } from '../../src/failure/sentences.js'
import { StartLimiter } from '../../src/lifecycle/start-limiter.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { LINGER_MS } from '../../src/lifecycle/demand.js'
import { STALL_TIMEOUT_MS } from '../../src/lifecycle/lifecycle.js'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import { Supervisor } from '../../src/camera/supervisor.js'
import type { Frame } from '../../src/frames/frame.js'
import { FakeClock } from '../fake-clock.js'
import { jpegPipe } from '../../src/jpeg/pipe.js'
import { camera, jpeg, FakeLaunch, turn } from '../fake-launch.js'

/** A supervisor whose attempts the test controls. */
function supervise (config: Partial<LiveCamera> = {}) {
  const clock = new FakeClock()
  const lines: Array<{ from: string, to: string, why?: string, msg: string }> = []
  const log = pino({ base: null }, { write: line => { lines.push(JSON.parse(line)) } })
  const played = new FakeLaunch(clock)
  const startLimiter = new StartLimiter(clock, 2)
  const supervisor = new Supervisor({ ...camera, ...config }, played.parts(log, startLimiter))
  return {
    clock,
    lines,
    startLimiter,
    supervisor,
    launched: played.attempts,
    frame: () => played.frame(),
    damage: (damaged?: boolean) => played.damage(damaged),
    exit: (stderr?: string[]) => played.exit(stderr),
    stops: () => played.stops()
  }
}

t.test('a supervisor', async t => {
  t.test('has one process, and is stopped only once that has exited', async t => {
    const { supervisor, launched, frame, exit, stops } = supervise()
    t.match(await supervisor.start(), { kind: 'starting' })
    await supervisor.start()
    await turn()
    t.equal(launched.length, 1)
    frame()
    t.match(supervisor.status(), { state: 'running', framesTotal: 1, width: 64, height: 48, failure: null })
    let gone = false
    const stopped = supervisor.stop().then(state => { gone = true; return state })
    await turn()
    t.equal(stops(), 1)
    t.notOk(gone)
    exit()
    t.match(await stopped, { kind: 'stopped' })
  })

  t.test('does not stall while the camera reports that its picture has not changed', async t => {
    const { supervisor, clock, launched, frame } = supervise()
    await supervisor.start()
    await turn()
    frame()
    for (let time = 0; time < 3; time++) {
      clock.advance(STALL_TIMEOUT_MS - 1)
      launched[0]!.onUnchanged()
    }
    t.match(supervisor.status(), { state: 'running', framesTotal: 1, failure: null })
    clock.advance(STALL_TIMEOUT_MS)
    t.match(supervisor.status(), { state: 'stopping', failure: { code: 'stalled' } })
  })

  t.test('with onLoss: hold waits for a clean picture, and does not stall while damaged ones arrive', async t => {
    const { supervisor, clock, frame, damage } = supervise({ onLoss: 'hold' })
    await supervisor.start()
    await turn()
    damage()
    frame()
    t.equal(supervisor.state.kind, 'starting', 'there is nothing to show yet')
    damage(false)
    frame()
    t.match(supervisor.status(), { state: 'running', framesTotal: 1 })
    damage()
    for (let time = 0; time < 3; time++) {
      clock.advance(STALL_TIMEOUT_MS - 1)
      frame()
    }
    t.match(supervisor.status(), { state: 'running', framesTotal: 1, frameAgeMs: 3 * (STALL_TIMEOUT_MS - 1), failure: null })
    clock.advance(STALL_TIMEOUT_MS)
    t.match(supervisor.status(), { state: 'stopping', failure: { code: 'stalled' } }, 'once nothing arrives any more')
  })

  t.test('ends in the state that was asked for last', async t => {
    const { supervisor, launched, exit, stops } = supervise()
    await supervisor.start()
    await turn()
    const asked = [...Array(10)].map((_, i) => i % 2 ? supervisor.start() : supervisor.stop())
    await turn()
    t.equal(stops(), 1)
    exit()
    await Promise.all(asked)
    await turn()
    t.match(supervisor.state, { kind: 'starting' })
    t.equal(launched.length, 2)
  })

  t.test('never starts if it is stopped in the queue', async t => {
    const { supervisor, launched, startLimiter } = supervise()
    for (const other of [1, 2]) startLimiter.enter(() => t.ok(other))
    void supervisor.start()
    t.match(await supervisor.stop(), { kind: 'stopped' })
    await turn()
    t.equal(launched.length, 0)
  })

  t.test('reports why there is no picture, and when the next attempt is', async t => {
    const { supervisor, clock, exit, launched, frame } = supervise()
    await supervisor.start()
    await turn()
    clock.advance(200)
    exit(['[tcp @ 0x1] [error] Connection to tcp://127.0.0.1:554 failed: Connection refused'])
    t.match(supervisor.status(), {
      state: 'waiting',
      failure: { code: 'refused', since: '2026-01-01T00:00:00.200Z' },
      nextRetryAt: '2026-01-01T00:00:01.200Z',
      restarts: 0
    })
    clock.advance(1_000)
    await turn()
    t.equal(launched.length, 2)
    t.match(supervisor.status(), { state: 'starting', failure: { code: 'refused' }, nextRetryAt: null, restarts: 1 })
    frame()
    t.match(supervisor.status(), { state: 'running', failure: null })
  })

  t.test('shares one memory between its attempts, but not with a camera that replaces it', async t => {
    const { supervisor, clock, exit, launched } = supervise()
    await supervisor.start()
    await turn()
    launched[0]!.memory.failedDecoder = 'vaapi'
    exit()
    clock.advance(1_000)
    await turn()
    t.equal(launched[1]!.memory, launched[0]!.memory)
    const next = supervise()
    await next.supervisor.start()
    await turn()
    t.strictSame(next.launched[0]!.memory, new CameraMemory(supervisor.camera))
  })

  t.test('does not log in again by hand within a minute, if the camera never answered a login', async t => {
    const { supervisor, launched, exit } = supervise()
    await supervisor.start()
    await turn()
    launched[0]!.memory.auth.unanswered = true
    exit(['[error] Connection refused'])
    t.match(await supervisor.restart(), { kind: 'waiting', outage: { code: 'refused' } })
    await turn()
    t.equal(launched.length, 1)
  })

  t.test('ends a process that sends no frames', async t => {
    const { supervisor, clock, exit, frame, stops } = supervise()
    await supervisor.start()
    await turn()
    frame()
    clock.advance(STALL_TIMEOUT_MS)
    t.match(supervisor.status(), { state: 'stopping', failure: { code: 'stalled' } })
    t.equal(stops(), 1)
    exit()
    t.match(supervisor.status(), { state: 'waiting', failure: { code: 'stalled' } })
  })

  t.test('ends a process with an endless frame', async t => {
    const { supervisor, launched } = supervise()
    await supervisor.start()
    await turn()
    const push = jpegPipe({ onJpeg () {}, onBroken: error => launched[0]!.onBroken(unreadable(error)) })
    push(jpeg.subarray(0, jpeg.length - 2))
    for (let i = 0; i < 9; i++) push(Buffer.alloc(1024 * 1024))
    t.match(supervisor.status(), { state: 'stopping', failure: { code: 'bad-stream' } })
  })

  t.test('publishes no frame while it stops, and no old one afterwards', async t => {
    const { supervisor, frame, exit } = supervise()
    const seen: Frame[] = []
    supervisor.hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () {} })
    await supervisor.start()
    await turn()
    frame()
    void supervisor.stop()
    frame()
    t.equal(seen.length, 1)
    t.equal(supervisor.hub.latest, undefined)
    exit()
    await supervisor.start()
    await turn()
    frame()
    t.same(seen.map(({ seq }) => seq), [1, 2], 'its viewers see the picture return')
  })

  t.test('logs one line for each change, with the reason', async t => {
    const { supervisor, lines, frame, exit, clock } = supervise()
    await supervisor.start()
    await turn()
    frame()
    frame()
    exit()
    clock.advance(1_000)
    t.match(lines, [
      { camera: '1', from: 'stopped', to: 'starting' },
      { camera: '1', from: 'starting', to: 'running' },
      { camera: '1', from: 'running', to: 'waiting', why: 'exited', msg: /Yard: The camera ended the stream.*Next try in 1 s/ },
      { camera: '1', from: 'waiting', to: 'starting', why: 'exited', msg: /attempt 2/ }
    ])
    t.equal(lines.length, 4)
  })
})

t.test('an on-demand camera', async t => {
  const sink = { write () {}, end () {} }
  t.test('runs while somebody watches, and 10 seconds longer', async t => {
    const { supervisor, clock, launched, frame, exit, stops } = supervise({ onDemand: true })
    t.match(await supervisor.start(), { kind: 'idle' })
    const first = supervisor.hub.subscribe(sink)
    await turn()
    t.equal(launched.length, 1)
    frame()
    first.end()
    clock.advance(LINGER_MS - 1)
    const second = supervisor.hub.subscribe(sink)
    frame() // otherwise it would count as a stall
    clock.advance(LINGER_MS - 1)
    t.equal(stops(), 0)
    second.end()
    frame()
    clock.advance(LINGER_MS)
    t.equal(stops(), 1)
    exit()
    t.match(supervisor.status(), { state: 'idle', failure: null })
    t.equal(clock.pending, 0)
  })

  t.test('stays stopped, even with viewers, until it is started by hand', async t => {
    const { supervisor, launched } = supervise({ onDemand: true })
    await supervisor.start()
    await supervisor.stop()
    supervisor.hub.subscribe(sink)
    await turn()
    t.equal(launched.length, 0)
    t.match(await supervisor.start(), { kind: 'starting' })
  })
})
