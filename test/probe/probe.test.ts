import t from 'tap'
import { Value } from 'typebox/value'
import { systemClock, type Clock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import { probeHost } from '../../src/probe/host.js'
import { jpegOf } from '../../src/probe/picture.js'
import { probeCamera, type Probed } from '../../src/probe/probe.js'
import { ProbeReportSchema } from '../../src/probe/report.js'
import { readTarget, type TargetOptions } from '../../src/probe/target.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { scriptedHttp, whole } from '../http-client/http-camera.js'
import { makeJpegs } from '../jpegs.js'
import { secret } from '../e2e/credentials.js'
import { freePort } from '../e2e/free-port.js'
import { small } from '../simulator/small.js'

const password = secret('probed')
const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [
    { ...small, id: 'good' },
    { ...small, id: 'locked', auth: 'digest', username: 'admin', password },
    { ...small, id: 'silent', fault: { kind: 'silent' } },
    { ...small, id: 'off', fault: { kind: 'refuse' } }
  ]
})
t.teardown(() => simulator.close())

/** Waits a tenth as long. */
const fast: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms / 10, fn) }

function look (url: string, { asksPorts = false, clock = systemClock, ...options }: TargetOptions & { asksPorts?: boolean, clock?: Clock } = {}): Promise<Probed> {
  const target = readTarget(url, options)
  const parts = { clock, signal: new AbortController().signal, asksPorts }
  return target.kind === 'camera' ? probeCamera(target.camera, parts) : probeHost(target, parts)
}

t.test('a probe', async t => {
  t.test('measures a good camera, asks nothing of it that it would count, and leaves it', async t => {
    const { report, key } = await look(simulator.url('good'))
    t.match(report, {
      ...{ failure: null, protocol: 'rtsp', login: 'none', tcp: true, udp: true, sound: [], streams: [], ports: [] },
      video: { codec: 'h264', width: 320, height: 240, bitsPerSecond: Number },
      firstPictureMs: Number,
      cost: /of a core/
    })
    t.ok(report.video!.fps! > 18 && report.video!.fps! < 22, `${report.video!.fps} fps`)
    t.ok(Math.abs(report.video!.keyIntervalMs! - 1_000) < 100, `key pictures every ${report.video!.keyIntervalMs} ms`)
    t.ok(Value.Check(ProbeReportSchema, report))
    t.match(simulator.stats('good'), { connections: 0, rejections: 0 })
    const jpeg = await jpegOf(key!, new FfmpegInstall(), new AbortController().signal)
    t.same([jpeg[0], jpeg[1]], [0xff, 0xd8])
  })

  t.test('logs in, and says how', async t => {
    const { report } = await look(simulator.url('locked'), { credentials: { username: 'admin', password } })
    t.match(report, { failure: null, login: 'digest', video: { codec: 'h264' } })
    t.equal(simulator.stats('locked').rejections, 0)
    t.notMatch(JSON.stringify(report), password)
  })

  t.test('tries a wrong password once', async t => {
    const before = simulator.stats('locked').rejections
    const { report } = await look(simulator.url('locked'), { credentials: { username: 'admin', password: secret('not right') }, asksPorts: true })
    t.match(report, { failure: { code: 'auth' }, login: 'refused', video: null })
    t.equal(simulator.stats('locked').rejections - before, 1)
  })

  t.test('says that a password is missing, and how to give it', async t => {
    const { report } = await look(simulator.url('locked'))
    t.match(report, { failure: { code: 'auth' }, login: 'missing', todo: [/--user/] })
  })

  t.test('says that nothing listens', async t => {
    t.match((await look(simulator.url('off'), { asksPorts: true })).report, { failure: { code: 'refused' }, protocol: null, login: 'unknown' })
  })

  t.test('gives a silent camera up', async t => {
    t.match((await look(simulator.url('silent'), { clock: fast })).report, { failure: { code: 'stalled', message: /does not answer/ }, protocol: null })
  })

  t.test('says that a path is unknown, and finds no other', async t => {
    t.match((await look(simulator.url('good').replace('/good', '/other'))).report, { failure: { code: 'not-found' }, streams: [] })
  })

  t.test('reads JPEGs over HTTP', async t => {
    const [jpeg] = makeJpegs(1, '640x360')
    const { url } = await scriptedHttp(t, (_, socket) => socket.write(whole(jpeg!)))
    t.match((await look(url)).report, { failure: null, protocol: 'http', login: 'none', tcp: null, udp: null, video: { codec: 'mjpeg', width: 640, height: 360, keyIntervalMs: null } })
  })

  t.test('says that HTTP answers where RTSP was asked for', async t => {
    const { url } = await scriptedHttp(t, (_, socket) => socket.end(whole('no', {}, '400 Bad Request')))
    t.match((await look(url.replace('http:', 'rtsp:'))).report, { failure: { code: 'unsupported', message: /speaks HTTP, not RTSP/ } })
  })

  t.test('says that RTSP answers where HTTP was asked for', async t => {
    const url = simulator.url('good').replace('rtsp:', 'http:')
    const { report } = await look(url, { asksPorts: true })
    t.ok(report.failure)
    t.match(report.todo[0], new RegExp(`RTSP answers at port ${new URL(url).port}`))
  })

  t.test('finds out what speaks at the port of a host, and does not know its path', async t => {
    const { host } = new URL(simulator.url('good'))
    t.match((await look(host)).report, { address: host, failure: { code: 'not-found', message: /RTSP answers at port/ }, protocol: 'rtsp', ports: [{ answers: 'rtsp' }] })
  })

  t.test('says of a host that nothing answers', async t => {
    t.match((await look(`127.0.0.1:${await freePort()}`)).report, { failure: { code: 'refused' }, ports: [] })
  })

  t.test('ends when it is told to', async t => {
    const target = readTarget(simulator.url('silent'), {})
    t.equal(target.kind, 'camera')
    if (target.kind !== 'camera') return
    t.match((await probeCamera(target.camera, { clock: systemClock, signal: AbortSignal.abort(), asksPorts: true })).report, { failure: { code: 'stalled' } })
  })
})
