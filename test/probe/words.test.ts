import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { costOf, MEASURED } from '../../src/probe/cost.js'
import type { ProbeReport } from '../../src/probe/report.js'
import { cameraOf, readTarget } from '../../src/probe/target.js'
import { todoOf } from '../../src/probe/todo.js'
import { describeProbe } from '../../src/probe/words.js'
import { yamlOf } from '../../src/probe/yaml.js'
import { loadRegistry } from '../../src/config/load.js'
import { secret } from '../e2e/credentials.js'

const video = { codec: 'h264', profile: 'High 4.1', width: 1920, height: 1080, fps: 25, keyIntervalMs: 2_000, bitsPerSecond: 4_000_000 }
const good: ProbeReport = {
  ...{ address: 'rtsp://192.0.2.20/Streaming/Channels/101', failure: null, protocol: 'rtsp', login: 'digest', firstPictureMs: 120, video, sound: ['PCMA'], tcp: true, udp: false },
  streams: [{ address: 'rtsp://192.0.2.20/Streaming/Channels/102', maker: 'hikvision', stream: 'sub', codec: 'h264', width: 640, height: 360 }],
  ...{ ports: [], clockOffMs: 500, cost: null, todo: [] }
}
const failed = (code: 'refused' | 'not-found' | 'auth', more: Partial<ProbeReport> = {}): ProbeReport =>
  ({ ...good, failure: { code, message: 'No.' }, video: null, firstPictureMs: null, login: 'unknown', streams: [], ...more })
const credentials = { username: secret('ad"min'), password: secret('tooth paste') }
const source = { type: 'rtsp', url: good.address } as const
const camera = cameraOf(source, credentials)

t.test('what a report advises', async t => {
  const todo = (report: ProbeReport, of = camera) => todoOf(report, of)
  t.same(todo(good), [])
  t.match(todo(failed('refused', { ports: [{ port: 80, answers: 'http' }, { port: 8554, answers: 'rtsp' }] })), [/port 8554: try rtsp:\/\/192\.0\.2\.20:8554/])
  t.match(todo(failed('refused', { ports: [{ port: 80, answers: 'http' }] })), [/http:\/\/192\.0\.2\.20:80/])
  t.same(todo(failed('auth', { ports: [{ port: 8554, answers: 'rtsp' }] })), [])
  t.match(todo(failed('not-found', { streams: good.streams })), [/Channels\/102/])
  t.match(todo(failed('auth', { login: 'missing' })), [/--user/])
  t.match(todo({ ...good, login: 'basic' }), [/Digest/])
  t.match(todo({ ...good, login: 'none' }), [/without a password/])
  t.same(todo({ ...good, login: 'none' }, cameraOf(source, undefined)), [])
  t.match(todo({ ...good, video: { ...video, keyIntervalMs: 10_000 } }), [/every 10 s/])
  t.match(todo({ ...good, video: { ...video, keyIntervalMs: null } }), [/come seldom/])
  t.same(todo({ ...good, video: { ...video, codec: 'mjpeg', keyIntervalMs: null } }), [])
  t.match(todo({ ...good, video: { ...video, codec: 'h265' } }), [/H\.265/])
  t.match(todo({ ...good, clockOffMs: -3 * 3_600_000 }), [/3 hours behind/])
})

t.test('a report in words has a fact in each line', async t => {
  const text = describeProbe({ ...good, todo: ['Do this.'] })
  for (const fact of ['Channels/101: good', 'H.264 High 4.1, 1920x1080, 25 a second', 'every 2.0 s', '4.0 Mbit/s', 'PCMA', 'no pictures by UDP', 'after 0.12 s', 'Channels/102 (H.264, 640x360)', '→ Do this.']) t.ok(text.includes(fact), fact)
  t.match(describeProbe(failed('refused', { ports: [{ port: 80, answers: 'http' }] })), /No\.\n.*ports +80 http/s)
  t.match(describeProbe(failed('auth', { login: 'missing' })), /^\S+: The camera asks for a username and password\.\n/, 'without a word about cameras.yaml')
})

t.test('the lines for cameras.yaml', async t => {
  const yaml = yamlOf(good, camera, 'gate')!
  t.notMatch(yaml, credentials.password)
  t.match(yaml, 'password: ${CAM_PASSWORD}') // eslint-disable-line no-template-curly-in-string -- as in the file
  const file = join(t.testdir({ 'cameras.yaml': yaml }), 'cameras.yaml')
  const { cameras: [read], warnings } = loadRegistry(file, { CAM_PASSWORD: credentials.password })
  t.match(read, { id: 'gate', source, credentials, substream: { url: good.streams[0]!.address } })
  t.same(warnings, [])
  t.match(yamlOf(good, cameraOf({ ...source, url: 'rtsps://192.0.2.20/a?b=$c#d', allowSelfSigned: true }, undefined)), /\{ type: rtsp, url: "rtsps:\/\/192\.0\.2\.20\/a\?b=\$c#d", allowSelfSigned: true \}/)
  t.equal(yamlOf(failed('refused'), camera), undefined)
})

t.test('what a camera costs', async t => {
  t.match(costOf(video), /About 0\.3 % of a core to read it, and 39 % while/)
  t.match(costOf({ ...video, codec: 'mjpeg' }), /About 6 % of a core: its JPEGs/)
  t.equal(costOf({ ...video, width: null }), null)
  const benchmarks = readFileSync(join(packageRoot, 'docs/benchmarks.md'), 'utf8')
  const [, read] = /^\| 64 +\| 1 s +\| tcp +\| watched \| ([\d.]+) %/m.exec(benchmarks) ?? []
  const [, watched] = /^\| 4 +\| 1 s +\| tcp +\| always +\| [\d.]+ % +\| ([\d.]+) %/m.exec(benchmarks) ?? []
  const [, copied] = /^\| MJPEG, copied +\| [\d.]+ % +\| [\d.]+ % +\| ([\d.]+) %/m.exec(benchmarks) ?? []
  for (const [ours, measured] of [[MEASURED.read, read], [MEASURED.watched, watched], [MEASURED.copied, copied]] as const) {
    t.ok(ours / Number(measured) > 0.5 && ours / Number(measured) < 2, `${ours} is about ${measured}`)
  }
})

t.test('what a person may name', async t => {
  t.match(readTarget(' rtsp://192.0.2.20/1 ', { credentials }), { kind: 'camera', camera: { source: { url: 'rtsp://192.0.2.20/1' }, credentials } })
  t.match(readTarget('rtsps://192.0.2.20/1', { allowSelfSigned: true }), { camera: { source: { allowSelfSigned: true } } })
  t.match(readTarget('https://192.0.2.20/snap.jpg', {}), { camera: { source: { type: 'http' } } })
  t.match(readTarget('192.0.2.20', {}), { kind: 'host', host: '192.0.2.20', port: undefined })
  t.match(readTarget('camera.lan:8554', {}), { host: 'camera.lan', port: 8554 })
  t.match(readTarget('2001:db8::1', {}), { host: '2001:db8::1', port: undefined })
  t.match(readTarget('[2001:db8::1]:554', {}), { host: '2001:db8::1', port: 554 })
  for (const wrong of ['', 'a b', '/dev/video0', 'onvif://192.0.2.20', 'rtsp://192.0.2.20:99999/', `rtsp://u:${credentials.password}@192.0.2.20:x/`]) t.throws(() => readTarget(wrong, {}), { code: 'SOURCE' }, wrong)
  t.throws(() => readTarget(`rtsp://a:${secret('b')}@192.0.2.20/`, { credentials }), /already/)
  t.throws(() => readTarget('192.0.2.20', { credentials: { username: 'a:b', password: '' } }), { code: 'SOURCE' })
})
