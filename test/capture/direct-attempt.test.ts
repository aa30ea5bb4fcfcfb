import type { Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Attempt, AttemptEvents } from '../../src/capture/attempt.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { directAttempt } from '../../src/capture/direct-attempt.js'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import type { Failure } from '../../src/failure/failure.js'
import type { CodedPicture } from '../../src/codec/coded-picture.js'
import type { Track } from '../../src/codec/track.js'
import { noteLog } from '../../src/decoder/note-log.js'
import { CommandReader } from '../../src/capture/command-reader.js'
import { httpReader, rtspReader } from '../../src/capture/readers.js'
import { cameraLaunch } from '../../src/capture/camera-launch.js'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { KILL_AFTER_MS } from '../../src/processes/child.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import type { JpegPicture } from '../../src/jpeg/picture.js'
import type { Frame } from '../../src/frames/frame.js'
import type { Reader, ReaderEvents } from '../../src/ingest/reader.js'
import { JpegSplitter } from '../../src/jpeg/splitter.js'
import { Publisher } from '../../src/stream/publisher.js'
import { part, scriptedHttp } from '../http-client/http-camera.js'
import { makeJpegs } from '../jpegs.js'
import { selfSigned } from '../../src/simulator/certificate.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import type { RtspSource } from '../../src/sources/rtsp.js'
import { childrenOf } from '../e2e/processes.js'
import { until } from '../e2e/until.js'
import { proxied, scripted } from '../rtsp-client/camera.js'
import { FakeClock } from '../fake-clock.js'
import { camera, h264Track } from '../fake-launch.js'
import { remembered } from './remembered.js'
import { small } from '../simulator/small.js'

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [
    { ...small, id: 'h264' }, { ...small, id: 'h265', codec: 'h265' }, { ...small, id: 'mjpeg', codec: 'mjpeg' }, { ...small, id: 'no-key', quirks: ['no-key'] },
    { ...small, id: 'bright', codec: 'mjpeg', fps: 40 }
  ]
})
t.teardown(() => simulator.close())

type Start = (camera: LiveCamera<RtspSource>, events: AttemptEvents) => Attempt
const directly: Start = (camera, events) => directAttempt(camera, rtspReader(camera, new CameraMemory(camera), systemClock), systemClock, events)

/** Runs one attempt and collects its results. */
function attempt (url: string, wishes: Partial<LiveCamera> = {}, begin = directly) {
  const seen = { jpegs: [] as JpegPicture[], tracks: [] as Array<Track | undefined>, coded: [] as CodedPicture[], ended: false, failure: undefined as Failure | undefined }
  const running = begin({ ...camera, transport: 'auto', ...wishes, source: { type: 'rtsp', url } }, {
    onPicture: picture => { seen.jpegs.push(picture) },
    onTrack: track => { seen.tracks.push(track) },
    onCoded: picture => { seen.coded.push(picture) },
    onBroken: ({ message }) => { throw new Error(message) },
    onUnchanged () {},
    onExit (failure) {
      seen.ended = true
      seen.failure = failure
    }
  })
  return {
    running,
    seen,
    pictures: (count: number) => until(`${count} pictures came`, () => seen.jpegs.length >= count),
    coded: (count: number) => until(`${count} coded pictures came`, () => seen.coded.length >= count),
    ended: () => until('it ended', () => seen.ended),
    async stop () {
      running.stop()
      await until('it ended', () => seen.ended)
    }
  }
}

t.test('an attempt with our own reader', async t => {
  t.test('passes a camera\'s JPEGs on without any process', async t => {
    const { seen, pictures, stop, running } = attempt(simulator.url('mjpeg'))
    await pictures(5)
    t.same(childrenOf(process.pid), [])
    t.ok(seen.jpegs.every(({ copied }) => copied))
    t.match(running.input(), { ingest: 'direct', codec: 'mjpeg', transport: 'tcp', copied: true })
    await stop()
    t.same([seen.tracks, seen.coded], [[], []], 'nothing is to be decoded')
    t.equal(seen.failure, undefined)
  })

  t.test('hands on the coded pictures of others, and starts no process for them', async t => {
    for (const [id, codec] of [['h264', 'h264'], ['h265', 'h265']] as const) {
      const { seen, running, coded, stop } = attempt(simulator.url(id))
      await coded(5)
      t.same(childrenOf(process.pid), [])
      t.match(seen.tracks, [{ codec, clockRate: 90_000, format: { width: 320, height: 240, depth: 8 } }])
      t.ok(seen.coded.every(picture => picture.codec === codec))
      t.match(seen.coded[0], { key: true, damaged: false })
      t.match(running.input(), { ingest: 'direct', codec, copied: false })
      const asked = performance.now()
      await stop()
      t.ok(performance.now() - asked < KILL_AFTER_MS)
      t.equal(seen.failure, undefined)
      t.same(seen.jpegs, [])
      t.equal(simulator.stats(id).connections, 0)
    }
  })

  t.test('hands on JPEGs that must be encoded again, all of them', async t => {
    const { seen, running, coded, stop } = attempt(simulator.url('bright'), { width: 160, fps: 10 })
    await coded(10)
    t.match(running.input(), { copied: false })
    await stop()
    t.match(seen.tracks, [{ codec: 'mjpeg' }])
    t.match(seen.coded[0], { codec: 'mjpeg', key: true, width: 320, height: 240 })
    t.same(seen.jpegs, [])
    t.equal(seen.failure, undefined)
  })

  t.test('ends with the camera, and reports why', async t => {
    const sockets = new Set<Socket>()
    const { seen, coded, ended } = attempt(await proxied(t, simulator.url('h264'), sockets))
    await coded(1)
    for (const socket of sockets) socket.destroy()
    await ended()
    t.match(seen.failure, { code: String, message: String })
    await until('the camera has noticed', () => simulator.stats('h264').connections === 0)
  })

  t.test('reports what its reader does: damaged pictures, unchanged ones, and what is wrong before the first picture', async t => {
    const clock = new FakeClock()
    let reading: ReaderEvents<Failure> | undefined
    let unchanged = 0
    const report = { transport: 'tcp', codec: 'h264', profile: undefined, width: 64, height: 48, fps: 20, bitsPerSecond: 0, picturesDamaged: 0, cameraTime: undefined } as const
    const open = (events: ReaderEvents<Failure>): Reader => {
      reading = events
      return { report: () => report, lastError: 'no key picture', stop () {} }
    }
    const running = directAttempt(camera, open, clock, { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () { unchanged++ }, onExit () {} })
    const send = (damaged: boolean) => { reading!.onPicture({ codec: 'h264', key: true, damaged, bytes: Buffer.alloc(1), at: clock.now(), rtpTime: undefined }) }
    reading!.onTrack(h264Track)
    t.match(running.lastFailure, { code: 'bad-stream', message: /no key picture/, notUnderstood: 'no key picture' })
    reading!.onUnchanged()
    t.equal(unchanged, 1)
    send(true)
    clock.advance(1_000)
    send(true)
    t.equal(running.lastFailure, undefined, 'camgate understands the camera')
    t.match(running.input(), { damage: { since: clock.now() - 1_000, pictures: 2 } })
    send(false)
    t.match(running.input(), { damage: undefined })
  })

  t.test('reports a camera that sends no key picture', async t => {
    const { running, stop } = attempt(simulator.url('no-key'))
    await until('packets come', () => running.lastFailure !== undefined)
    t.match(running.lastFailure, { code: 'bad-stream', message: /key picture/ })
    await stop()
  })
})

t.test('each JPEG is parsed once on its way to viewers', async t => {
  const jpegs = makeJpegs(3)
  let walked = 0
  const { push } = JpegSplitter.prototype
  t.before(() => {
    JpegSplitter.prototype.push = function (chunk) {
      walked += chunk.length
      push.call(this, chunk)
    }
  })
  t.teardown(() => { JpegSplitter.prototype.push = push })
  /** The frames of an attempt with this reader, and the bytes that were pushed into splitters for them. */
  const publish = async (open: (events: ReaderEvents<Failure>) => Reader, wanted: number) => {
    walked = 0
    const publisher = new Publisher(systemClock)
    const frames: Frame[] = []
    let ended = false
    publisher.hub.subscribe({ write (frame, done) { frames.push(frame); done() }, end () {} })
    const onPicture = publisher.open({ alive: true, frame () {}, signOfLife () {}, broken ({ message }) { throw new Error(message) } })
    const running = directAttempt(camera, open, systemClock, { onPicture, onTrack () {}, onCoded () {}, onBroken: ({ message }) => { throw new Error(message) }, onUnchanged () {}, onExit () { ended = true } })
    await until('its pictures came', () => frames.length >= wanted)
    const bytes = walked
    running.stop()
    await until('it ended', () => ended)
    return { frames, bytes }
  }

  t.test('by HTTP', async t => {
    const body = Buffer.concat(jpegs.map(jpeg => part(jpeg)))
    const { url } = await scriptedHttp(t, (_, socket) => { socket.write(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n'), body])) })
    const { frames, bytes } = await publish(httpReader({ ...camera, source: { type: 'http-mjpeg', url } }, new CameraMemory(camera), systemClock), 3)
    t.same(frames.map(({ jpeg }) => jpeg), jpegs)
    t.equal(bytes, body.length)
  })
  t.test('from a command', async t => {
    const file = join(t.testdir({ 'pictures.mjpeg': Buffer.concat(jpegs) }), 'pictures.mjpeg')
    const command = { program: '/bin/sh', args: ['-c', `cat ${file}; exec sleep 60`], failureOf: () => ({ code: 'exited' as const, message: 'It ended.' }) }
    const { frames, bytes } = await publish(events => new CommandReader(command, systemClock, events), 3)
    t.same(frames.map(({ jpeg }) => jpeg), jpegs)
    t.equal(bytes, Buffer.concat(jpegs).length)
  })
  t.test('by RTP, whose pictures no splitter sees', async t => {
    const { frames, bytes } = await publish(rtspReader({ ...camera, source: { type: 'rtsp', url: simulator.url('mjpeg') } }, new CameraMemory(camera), systemClock), 3)
    t.match(frames[0], { width: 320, height: 240 })
    t.equal(bytes, 0)
  })
})

t.test('a camera that camgate does not understand', { timeout: 60_000 }, async t => {
  const log: string[] = []
  const launch = remembered(cameraLaunch(new FfmpegInstall(), systemClock, { info: (...line: unknown[]) => { log.push(String(line.at(-1))) }, warn () {}, error () {} }, noteLog({ info () {} })))
  const { url, asked } = await scripted(t, ({ method, headers }, socket) => {
    const sdp = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 MP4V-ES/90000\r\n'
    socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\n${method === 'DESCRIBE' ? `Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}` : '\r\n'}`)
  })
  const byFfmpeg = () => asked.filter(({ method }) => method === 'DESCRIBE').length > 1 // through the relay, whose user agent is camgate's

  t.test('is read by ffmpeg in the same attempt, which is logged once', async t => {
    for (let time = 0; time < 2; time++) {
      asked.length = 0
      const { running, stop } = attempt(url, { ingest: 'auto' }, launch)
      await until('ffmpeg asks', byFfmpeg)
      t.match(running.input(), { ingest: 'ffmpeg', reason: /MPEG-4 video/ })
      await stop()
    }
    t.same(log, ['Yard: read by ffmpeg, because camgate itself does not understand this camera: MPEG-4 video (MP4V-ES).'])
  })
  t.test('is read by ffmpeg only from the next attempt on, if it became unreadable after a picture', async t => {
    const camera = { id: 'lost', ingest: 'auto' } as const
    const begin: Start = (camera, events) => {
      const midway = { ...events, onPicture (picture: JpegPicture) { events.onPicture(picture); sockets.forEach(socket => socket.write('RTSP/1.0 200 OK\r\nContent-Length: x\r\n\r\n')) } }
      return launch(camera, midway)
    }
    const sockets = new Set<Socket>()
    const garbled = await proxied(t, simulator.url('mjpeg'), sockets)
    const first = attempt(garbled, camera, begin)
    await first.ended()
    t.match(first.seen.failure, { code: 'bad-stream', notUnderstood: /Not RTSP/ })
    sockets.clear()
    const second = attempt(garbled, camera, launch)
    await second.pictures(1)
    t.match(second.running.input(), { ingest: 'ffmpeg', reason: /Not RTSP/ })
    await second.stop()
    const third = attempt(garbled, camera, launch)
    await third.pictures(1)
    t.match(third.running.input(), { ingest: 'direct' })
    await third.stop()
  })
  t.test('notes that ffmpeg cannot hold back damaged pictures', async t => {
    const { running, stop } = attempt(url, { ingest: 'auto', onLoss: 'hold' }, launch)
    await until('ffmpeg asks', () => running.input()?.ingest === 'ffmpeg')
    t.match(running.input(), { notes: ['Yard has onLoss: hold, but is read by ffmpeg, which does not report which pictures are damaged: all of them are shown.'] })
    await stop()
  })
  t.test('is not read by ffmpeg with ingest: direct', async t => {
    asked.length = 0
    const { seen, ended } = attempt(url, { ingest: 'direct' }, launch)
    await ended()
    t.match(seen.failure, { code: 'unsupported', notUnderstood: /MPEG-4 video/ })
    t.notOk(byFfmpeg())
  })
  t.test('is not read by ffmpeg after a stop, nor over TLS', async t => {
    const camera = await scripted(t, (_request, socket) => { socket.write('no RTSP at all\r\n\r\n') }, selfSigned('camera', new Date()))
    const secret = attempt(camera.url, { ingest: 'auto' }, (each, events) => launch({ ...each, source: { ...each.source, allowSelfSigned: true } }, events))
    await secret.ended()
    t.match(secret.seen.failure, { code: 'bad-stream', message: /Not RTSP/ })
    const { seen, ended, running } = attempt(url, { ingest: 'auto' }, launch)
    running.stop()
    await ended()
    t.equal(seen.failure, undefined)
  })
  t.test('is not asked again after a refusal', async t => {
    for (const [status, code] of [[401, 'auth'], [403, 'auth'], [404, 'not-found'], [453, 'busy'], [503, 'busy']] as const) {
      const refusing = await scripted(t, ({ headers }, socket) => { socket.write(`RTSP/1.0 ${status} No\r\nCSeq: ${headers.get('cseq')}\r\n\r\n`) })
      const { seen, ended } = attempt(refusing.url, { ingest: 'auto' }, launch)
      await ended()
      t.match(seen.failure, { code })
      t.ok(refusing.asked.length <= 2, `${refusing.asked.length} requests`)
    }
  })
})

t.test('an attempt goes on with other pictures to be made, unless it makes them', async t => {
  let events: ReaderEvents<Failure> | undefined
  const played = (config: Partial<LiveCamera> = {}) => directAttempt({ ...camera, ...config }, its => {
    events = its
    return { lastError: undefined, report: () => undefined, stop () {} }
  }, new FakeClock(), { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit () {} })
  const attempt = played()
  t.ok(attempt.fits!({ ...camera, fps: 3 }))
  t.notOk(attempt.fits!({ ...camera, width: 320 }), 'it does not know yet what the camera sends')
  events!.onTrack({ ...h264Track, codec: 'mjpeg' })
  t.notOk(attempt.fits!({ ...camera, width: 320 }), 'it passes them on')
  events!.onTrack(h264Track)
  t.ok(attempt.fits!({ ...camera, width: 320 }), 'a decoder makes them')
  t.ok(played({ width: 640 }).fits!({ ...camera, width: 320 }))
})
