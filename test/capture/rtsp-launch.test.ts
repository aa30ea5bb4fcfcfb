import t from 'tap'
import type { Attempt, AttemptEvents, Launch } from '../../src/capture/attempt.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import { relayedLaunch } from '../../src/capture/relayed-launch.js'
import { rtspLaunch } from '../../src/capture/rtsp-launch.js'
import { systemClock } from '../../src/clock.js'
import type { Failure } from '../../src/failure/failure.js'
import type { RtspSource } from '../../src/sources/rtsp.js'
import { until } from '../e2e/until.js'
import { scripted } from '../rtsp-client/camera.js'
import { camera } from '../fake-launch.js'

t.test('ffmpeg reads a camera that camgate cannot read because of a bug, and the stack is logged', async t => {
  const { url } = await scripted(t, () => {})
  const byFfmpeg: Attempt = { lastFailure: undefined, input: () => ({ ingest: 'ffmpeg', codec: undefined, copied: undefined }), stop () {} }
  const errors: unknown[][] = []
  const infos: unknown[] = []
  const launch = rtspLaunch(() => byFfmpeg, systemClock, {
    info: (...line: unknown[]) => { infos.push(line.at(-1)) }, error: (...line: unknown[]) => { errors.push(line) }
  })
  const source: RtspSource = { type: 'rtsp', url }
  const live: LiveCamera<RtspSource> = { ...camera, ingest: 'auto', source }
  const memory = new CameraMemory(live)
  Object.freeze(memory.auth)
  const events: AttemptEvents = { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit () {} }
  const attempt = launch(live, events, memory)
  await until('ffmpeg reads it', () => attempt.input()?.ingest === 'ffmpeg')
  t.match(attempt.input(), { reason: 'a mistake in camgate, which is in the log' })
  t.match(infos, ['Yard: read by ffmpeg, because camgate itself does not understand this camera: a mistake in camgate, which is in the log.'])
  t.match(errors, [[{ camera: camera.id, stack: /TypeError: Cannot assign to read only property/ }, /mistake in camgate/]])
})

t.test('an attempt hands over to ffmpeg if that may read the camera, which is so with ingest: auto', async t => {
  const { url } = await scripted(t, () => {})
  const byFfmpeg: Attempt = { lastFailure: undefined, input: () => null, stop () {} }
  const launch = rtspLaunch(() => byFfmpeg, systemClock, { info () {}, error () {} })
  for (const [ingest, expected] of [['auto', 'no frame!'], ['direct', undefined], ['ffmpeg', undefined]] as const) {
    const live: LiveCamera<RtspSource> = { ...camera, ingest, source: { type: 'rtsp', url } }
    const memory = new CameraMemory(live)
    let ended = false
    const attempt = launch(live, { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit () { ended = true } }, memory)
    attempt.handOver?.('no frame!')
    t.equal(memory.ffmpegReason, expected, ingest)
    attempt.stop()
    if (ingest !== 'ffmpeg') await until('it ended', () => ended)
  }
})

t.test('a login that the camera never answered counts if ffmpeg cannot even connect', async t => {
  const { url, close } = await scripted(t, ({ method, headers }, socket) => {
    const cseq = `CSeq: ${headers.get('cseq')![0]}`
    if (method === 'OPTIONS') socket.write(`RTSP/1.0 200 OK\r\n${cseq}\r\n\r\n`)
    else if (!headers.has('authorization')) socket.write(`RTSP/1.0 401 Unauthorized\r\n${cseq}\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n`)
    else socket.write('RTSP/1.0 200 OK\r\nthis is no header\r\n\r\n', () => { void close() })
  })
  const byFfmpeg: Attempt = { lastFailure: undefined, input: () => null, stop () {} }
  const lines: unknown[] = []
  const launch = rtspLaunch(relayedLaunch(() => byFfmpeg, systemClock), systemClock, { info: (...line: unknown[]) => { lines.push(line.at(-1)) }, error () {} })
  const live: LiveCamera<RtspSource> = { ...camera, ingest: 'auto', source: { type: 'rtsp', url }, credentials: { username: 'u', password: 'p' } }
  const ends: Array<Failure | undefined> = []
  const memory = new CameraMemory(live)
  launch(live, { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => { ends.push(end) } }, memory)
  await until('it ended', () => ends.length === 1)
  t.match(lines, [/^Yard: read by ffmpeg, because camgate itself does not understand this camera/])
  t.match(memory.endOf(ends[0]), { code: 'refused', unanswered: true }, 'it may have counted as a wrong password')
})

t.test('a track that a reader has announced counts no more when ffmpeg takes over', async t => {
  const sdp = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'
  const { url } = await scripted(t, ({ method, headers }, socket) => {
    const cseq = `CSeq: ${headers.get('cseq')![0]}`
    if (method === 'OPTIONS') socket.write(`RTSP/1.0 200 OK\r\n${cseq}\r\n\r\n`)
    else if (method === 'DESCRIBE') socket.write(`RTSP/1.0 200 OK\r\n${cseq}\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`)
    else socket.write(`RTSP/1.0 404 Not Found\r\n${cseq}\r\n\r\n`) // camgate may have misread the track's URL
  })
  const steps: unknown[] = []
  const byFfmpeg: Launch<RtspSource> = () => {
    steps.push('ffmpeg')
    return { lastFailure: undefined, input: () => null, stop () {} }
  }
  const live: LiveCamera<RtspSource> = { ...camera, ingest: 'auto', source: { type: 'rtsp', url } }
  const launch = rtspLaunch(byFfmpeg, systemClock, { info () {}, error () {} })
  launch(live, { onPicture () {}, onTrack: track => { steps.push(track?.codec) }, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => { steps.push(end) } }, new CameraMemory(live))
  await until('ffmpeg reads it', () => steps.includes('ffmpeg'))
  t.same(steps, ['h264', undefined, 'ffmpeg'])
})
