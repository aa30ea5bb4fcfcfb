import { pino } from 'pino'
import t from 'tap'
import { Lifecycle } from '../../src/lifecycle/lifecycle.js'
import type { State } from '../../src/lifecycle/state.js'
import { StartLimiter } from '../../src/lifecycle/start-limiter.js'
import { Supervisor } from '../../src/camera/supervisor.js'
import { CamgateError, type ErrorCode } from '../../src/errors.js'
import type { Failure } from '../../src/failure/failure.js'
import { ffmpegFailure } from '../../src/ffmpeg/failure.js'
import { httpFailure } from '../../src/http-client/failure.js'
import { rtspFailure } from '../../src/rtsp-client/failure.js'
import { neverSpawned } from '../../src/ffmpeg/process.js'
import { RtspRefusal } from '../../src/rtsp-client/rtsp-client.js'
import { HttpRefusal } from '../../src/http-client/http-answer.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'

const credentials = { username: 'operator', password: 'p@ss/w "ö' }
const token = 'T0kenOfTheFile'
const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
/** What a camera may quote from a request for `/T0kenOfTheFile/live` with these credentials. */
const echo = [
  `Bad path rtsp://operator:${encodeURIComponent(credentials.password)}@10.0.0.5/${token}/live?pin=4711&channel=1`, `user ${credentials.username} with ${credentials.password}`,
  `Authorization: Basic ${basic}`, basic, encodeURIComponent(credentials.password).toLowerCase(), '\x1b[31m\u202e', 'and so on '.repeat(60)
].join(' ')
const hidden = new RegExp(['operator', 'p@ss', 'p%40ss', token, '4711', basic.slice(0, 12), '[\\u0000-\\u001f\\u202e]'].join('|'), 'i')

const coded = (code: string, more = {}) => Object.assign(new Error(echo), { code, ...more })
const ours: ErrorCode[] = ['UNSUPPORTED_VIDEO', 'NO_VIDEO', 'BAD_SDP', 'BAD_RTP', 'BAD_TRANSPORT', 'RTSP_SYNTAX', 'RTSP_LIMIT', 'RTSP_SILENT', 'RTSP_CLOSED', 'HTTP_SILENT', 'TLS_SILENT', 'UNSUPPORTED_CONTENT', 'UPSTREAM_NO_PICTURE', 'WRONG_PROTOCOL', 'NO_PROOF', 'DOWNGRADE', 'HTTP_SYNTAX', 'HTTP_LIMIT', 'HTTP_CLOSED', 'HTTP_CHUNKS', 'BAD_REDIRECT', 'FRAME_TOO_LARGE']
const systems = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'ECONNRESET', 'EMFILE', 'EPROTO', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER', 'X']
const statuses = [302, 400, 401, 403, 404, 410, 429, 451, 453, 461, 500, 503]
const errors: Error[] = [
  ...ours.map(code => new CamgateError(code, echo)),
  ...systems.map(code => coded(code)),
  coded('EINVAL', { syscall: 'connect' }), new Error(echo),
  ...statuses.flatMap(status => [
    new RtspRefusal('DESCRIBE', { kind: 'response', status, reason: echo, headers: new Map(), body: Buffer.alloc(0) }),
    new HttpRefusal({ status, reason: echo })
  ])
]
const ends: Array<Failure | undefined> = [
  undefined,
  ...[`[error] ${echo}`, `[error] method DESCRIBE failed: 401 ${echo}`, `[tcp @ 0x1] [error] Connection to ${echo} failed: Connection refused`].flatMap(line => [0, 1].map(code => ffmpegFailure({ code, signal: null, stderr: [line] }, false))),
  ffmpegFailure({ code: null, signal: null, stderr: [], spawnError: echo }, false),
  ...(['exited', 'not-found', 'busy'] as const).map(code => ({ code, message: `The command ended: ${echo}.` }))
]
const readers = [
  { source: camera.source, failureOf: rtspFailure },
  { source: { type: 'http-jpeg', url: 'http://127.0.0.1/x' } as const, failureOf: httpFailure }
]

t.test('a camera\'s words', async t => {
  for (const { source, failureOf } of readers) {
    t.test(`over ${source.type} as it ends`, async t => {
      for (const [index, end] of [...errors.map(error => failureOf(error, false)), ...ends].entries()) {
        const clock = new FakeClock()
        const lines: string[] = []
        const played = new FakeLaunch(clock)
        const supervisor = new Supervisor({ ...camera, source, credentials, secrets: [token] }, played.parts(pino({ base: null, timestamp: false }, { write: line => { lines.push(line) } })))
        await supervisor.start()
        await turn()
        played.attempts[0]!.onExit(end)
        await supervisor.stream().statusPicture()
        const { failure } = supervisor.status()
        const name = `${index} ${errors[index] && 'code' in errors[index] ? String(errors[index].code) : ''} ${failure?.message.slice(0, 60)}`
        t.ok(failure && failure.message.length <= 300, name)
        t.equal(played.drawn.at(-1)?.paragraphs[0], failure?.message)
        for (const text of [failure!.message, ...lines.map(line => line.trim())]) t.notMatch(text, hidden, name)
      }
    })
  }
})

t.test('a mistake in camgate is logged with its stack, and shown as a sentence without its words', async t => {
  const defect = new TypeError('media.type?.toLowerCase is not a function')
  const ends: Array<(attempt: FakeLaunch['attempts'][number]) => void> = [
    attempt => attempt.onExit(rtspFailure(defect, false)),
    attempt => attempt.onExit(httpFailure(defect, false)),
    attempt => attempt.onExit(ffmpegFailure(neverSpawned(defect), false))
  ]
  for (const end of ends) {
    const clock = new FakeClock()
    const lines: Array<{ level: number, stack?: string, msg: string }> = []
    const played = new FakeLaunch(clock)
    const supervisor = new Supervisor(camera, played.parts(pino({}, { write: line => { lines.push(JSON.parse(line)) } })))
    await supervisor.start()
    await turn()
    end(played.attempts[0]!)
    t.match(supervisor.status().failure, { code: 'bad-stream', message: /^camgate cannot read this camera, because of a mistake in camgate itself\. Please report it/ })
    const logged = lines.filter(({ level }) => level === 50)
    t.match(logged, [{ camera: camera.id, stack: /TypeError: media\.type.*\n +at .*lifecycle\.test/, msg: /mistake in camgate. Please report it/ }])
    t.equal(logged.length, 1)
    t.match(lines.at(-1), { level: 40, msg: /mistake in camgate itself.*Next try in/ })
  }
})

t.test('a lifecycle whose owner asks for something while its state changes', async t => {
  /** Asks for `ask` when the state `during` has been reached. */
  const play = (during: State['kind'], ask: 'watched' | 'unwatched', isWanted = true) => {
    const clock = new FakeClock()
    const seen = { launches: 0, ends: 0 }
    let asked = false
    const lifecycle: Lifecycle = new Lifecycle({
      title: 'Yard',
      fps: 20,
      line: () => ({}),
      wanted: () => isWanted,
      launch () { seen.launches++ },
      end () { seen.ends++ },
      stalled: () => undefined,
      changed ({ kind }) {
        if (kind !== during || asked) return
        asked = true
        lifecycle.ask(ask)
      }
    }, 'idle', { clock, random: () => 0, log: pino({ level: 'silent' }), startLimiter: new StartLimiter(clock, 2) })
    return { lifecycle, seen }
  }
  t.test('launches one process only', async t => {
    const { lifecycle, seen } = play('idle', 'watched')
    lifecycle.ask('watched')
    await turn()
    lifecycle.ask('unwatched')
    lifecycle.exited()
    await turn()
    t.equal(lifecycle.state.kind, 'starting')
    t.same(seen, { launches: 2, ends: 1 })
  })
  t.test('ends a process that is needed again by then', async t => {
    const { lifecycle, seen } = play('stopping', 'watched')
    lifecycle.ask('watched')
    await turn()
    lifecycle.ask('unwatched')
    t.same(seen, { launches: 1, ends: 1 })
    t.match([lifecycle.state.kind, lifecycle.shownState.kind], ['stopping', 'starting'])
    lifecycle.exited()
    await turn()
    t.same(seen, { launches: 2, ends: 1 })
  })
  t.test('does not launch what is not needed any more', async t => {
    const { lifecycle, seen } = play('starting', 'unwatched', false)
    lifecycle.ask('watched')
    await turn()
    t.equal(lifecycle.state.kind, 'stopping')
    t.equal(lifecycle.shownState.kind, 'stopping')
    t.same(seen, { launches: 0, ends: 1 })
  })
})
