import { connect } from 'node:net'
import t from 'tap'
import type { Launch } from '../../src/capture/attempt.js'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import { relayedLaunch } from '../../src/capture/relayed-launch.js'
import { systemClock } from '../../src/clock.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { Failure } from '../../src/failure/failure.js'
import type { RtspSource } from '../../src/sources/rtsp.js'
import { until } from '../e2e/until.js'
import { scripted } from '../rtsp-client/camera.js'
import { camera } from '../fake-launch.js'

t.test('an attempt that is stopped before ffmpeg has reported a refused login still ends with the refusal', async t => {
  const { url } = await scripted(t, ({ headers }, socket) => {
    socket.write(`RTSP/1.0 401 Unauthorized\r\nCSeq: ${headers.get('cseq')![0]}\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n`)
  })
  let answer = ''
  const byFfmpeg: Launch<RtspSource> = ({ source }, { onExit }) => {
    const socket = connect(Number(new URL(source.url.replace('rtsp', 'http')).port), '127.0.0.1')
    socket.on('data', bytes => { answer += bytes.toString() }).write(`DESCRIBE ${source.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`)
    return { lastFailure: undefined, input: () => null, stop: () => { socket.destroy(); onExit(undefined) } }
  }
  const live: LiveCamera<RtspSource> = { ...camera, source: { type: 'rtsp', url }, credentials: { username: 'u', password: 'p' } }
  const ends: Array<Failure | undefined> = []
  const attempt = relayedLaunch(byFfmpeg, systemClock)(live, { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => { ends.push(end) } }, new CameraMemory(live))
  await until('ffmpeg has the refusal', () => answer.startsWith('RTSP/1.0 401'))
  attempt.stop()
  await until('it ended', () => ends.length === 1)
  t.match(ends[0], { code: 'auth', locks: true }, 'a start by hand waits: cameras lock accounts')
})

t.test('an attempt that is stopped while it connects ends, without a failure', async t => {
  const { url } = await scripted(t, () => {})
  const live: LiveCamera<RtspSource> = { ...camera, source: { type: 'rtsp', url } }
  const ends: Array<Failure | undefined> = []
  const attempt = relayedLaunch(() => { throw new Error('it was stopped') }, systemClock)(live, { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => { ends.push(end) } }, new CameraMemory(live))
  attempt.stop()
  await until('it ended', () => ends.length === 1)
  t.same(ends, [undefined])
})
