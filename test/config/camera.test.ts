import { resolve } from 'node:path'
import t from 'tap'
import { camerasVocabulary } from '../../src/config/vocabulary.js'
import { labelOf } from '../../src/sources/kinds.js'
import { mistakesIn, parse } from './fixtures/read.js'

const credentials = (camera: string, defaults = '{}') =>
  parse(`defaults: ${defaults}\ncameras:\n  1: ${camera}\n`).cameras[0]?.credentials
const faults = (camera: string, defaults = '{}') => mistakesIn(`defaults: ${defaults}\ncameras:\n  1: ${camera}\n`)

t.test('a camera', async t => {
  t.test('has every default filled in', async t => {
    t.same(parse('cameras: { 1: { source: rtsp://cam/live } }').cameras, [{
      id: '1', name: '1', source: { type: 'rtsp', url: 'rtsp://cam/live' }, transport: 'auto', ingest: 'auto', onLoss: 'show', fps: 20, onDemand: false, decode: 'watched', rewriteSps: true, enabled: true, renditions: []
    }])
  })
  t.test("has the file's defaults for keys that it does not set", async t => {
    t.match(parse('defaults: { fps: 5, width: 640, enabled: false, transport: udp, decode: always }\ncameras: { a: { source: rtsp://cam, fps: 9 } }').cameras[0],
      { fps: 9, width: 640, enabled: false, transport: 'udp', decode: 'always', quality: undefined })
  })
  t.test('has its renditions and those of the defaults, by name', async t => {
    const renditions = (camera: string, defaults: string) => parse(`defaults: { renditions: ${defaults} }\ncameras: { 1: { source: rtsp://cam, ${camera} } }`).cameras[0]?.renditions
    t.same(renditions('fps: 5', '{ thumb: { width: 320 } }'), [{ name: 'thumb', width: 320 }])
    t.same(renditions('renditions: { low: { quality: 9 }, thumb: { fps: 2 }, __proto__: { fps: 1 } }', '{ thumb: { width: 320 } }'),
      [{ name: 'thumb', fps: 2 }, { name: 'low', quality: 9 }, { name: '__proto__', fps: 1 }])
    const many = (from: number) => `{ ${[...Array(5)].map((_, i) => `r${from + i}: { fps: 5 }`).join(', ')} }`
    t.same(faults(`{ source: rtsp://cam, renditions: ${many(4)} }`, `{ renditions: ${many(0)} }`),
      ['3:40: cameras.1.renditions: expected at most 8, together with those of defaults; received 9'])
  })
  t.test('has its credentials from the URL, from its keys, or from the defaults, key by key', async t => {
    const login = '{ username: admin, password: d }'
    t.equal(credentials('{ source: rtsp://cam }'), undefined)
    t.same(credentials('{ source: "rtsp://u:p%40@cam" }'), { username: 'u', password: 'p@' })
    t.same(credentials('{ source: "rtsp://u:p@cam" }', login), { username: 'u', password: 'p' })
    t.same(credentials('{ source: rtsp://cam }', login), { username: 'admin', password: 'd' })
    t.same(credentials('{ source: rtsp://cam, password: p }', login), { username: 'admin', password: 'p' })
    t.same(credentials('{ source: rtsp://cam, username: u }'), { username: 'u', password: '' })
  })
  t.test('finds its file in the folder of the configuration', async t => {
    t.equal(labelOf(parse('cameras: { 1: { source: { type: file, path: demo.mp4 } } }').cameras[0]!.source), resolve('demo.mp4'))
    t.match(faults('{ source: { type: file, path: "http://u:hunter2@cam/a" } }'), [/^3:36: cameras\.1\.source\.path: expected the path of a file .* received an address/])
  })
  t.test('runs a command only if the file allows it, written as a list', async t => {
    const exec = (source: string, server = '{ allowExec: true }') => mistakesIn(`server: ${server}\ncameras:\n  1: { source: ${source} }\n`)
    t.same(exec('{ type: exec, command: [cat, 7, "a b"] }'), [])
    t.match(exec('{ type: exec, command: [cat] }', '{}'), [/^3:24: cameras\.1\.source: a command is run only if this file says server: \{ allowExec: true \}/])
    t.match(exec('{ type: exec, command: cat /dev/null }'), [/command: expected a list of 1 to 200 like \[ffmpeg, .* received "cat \/dev\/null"$/])
    t.match(exec('{ type: exec, command: [] }'), [/expected a list of 1 to 200 .* received an empty list$/])
    t.match(exec('{ type: exec, command: [cat, [x], { a: b }] }'), [/command\[1\]: expected text.* received a list/, /command\[2\]: expected text.* received a map/])
    t.match(exec('{ type: exec, command: [""] }'), [/^3:39: cameras\.1\.source\.command: the first of the list is the program/])
  })
  t.test('has its device for itself', async t => {
    const two = (source: string) => mistakesIn(`cameras:\n  a: { source: ${source} }\n  b: { source: ${source} }\n`)
    t.same(two('{ type: v4l2, device: /dev/video1 }'), ['3:38: cameras.b.source: /dev/video1 is read by the camera a (line 2) already; many may watch one camera, but a device has one reader'])
    t.match(two('{ type: picamera }'), [/Raspberry Pi camera 0 is read by the camera a \(line 2\)/])
    t.same(two('{ type: v4l2 }'), [], 'auto takes another one')
  })
  t.test('has a token in place of credentials', async t => {
    const source = '{ type: http, url: "https://barn/camera/1", token: hunter2.a.b }'
    t.match(parse(`cameras: { 1: { source: ${source} } }`).cameras[0], { source: { token: 'hunter2.a.b' }, secrets: ['hunter2.a.b'], credentials: undefined })
    t.equal(credentials(`{ source: ${source} }`, '{ username: admin, password: d }'), undefined)
    t.same(faults(`{ source: ${source}, username: anna }`), ['3:92: cameras.1.username: the source has a token already; keep one of the two'])
    const wrong = faults('{ source: { type: http, url: "http://barn/camera/1", token: hunter2 } }')
    t.same(wrong, ['3:66: cameras.1.source.token: over http:// anybody who listens in can read the token; write https://, or allowPlainHttp: true beside it'])
    t.notMatch(String(faults('{ source: { type: http, url: "https://barn", token: [hunter2] } }')), 'hunter2')
    t.ok(camerasVocabulary.isSecret('cameras.1.source.token'))
    t.match(faults('{ source: rtsp://cam, token: hunter2 }'), [/unknown key "token".*it belongs to the source/])
  })
  t.test('may have an ONVIF address, with the same credentials', async t => {
    const onvif = (camera: string) => parse(`cameras: { 1: { ${camera} } }`).cameras[0]!.onvif
    t.equal(onvif('source: rtsp://cam/1, onvif: http://cam'), 'http://cam/onvif/device_service')
    t.equal(onvif('source: "rtsp://u:p@cam/1", onvif: "https://u:p@cam:8443/device"'), 'https://cam:8443/device')
    t.equal(onvif('source: rtsp://cam/1'), undefined)
    t.same(faults('{ source: rtsp://cam/1, onvif: "http://u:hunter2@cam" }'), ['3:37: cameras.1.onvif: its credentials are not those of the source; leave them out, because a camera has one username and password here'])
    t.match(faults('{ source: rtsp://cam/1, onvif: rtsp://cam/2 }'), [/^3:37: cameras\.1\.onvif: expected an HTTP URL like/])
  })
  t.test('may have a substream, with the same credentials', async t => {
    const substream = (camera: string) => parse(`cameras: { 1: { ${camera} } }`).cameras[0]!.substream
    t.same(substream('source: rtsp://cam/1, substream: rtsp://cam/2'), { type: 'rtsp', url: 'rtsp://cam/2' })
    t.same(substream('source: rtsp://cam/1, substream: { type: rtsp, url: "rtsps://cam/2", allowSelfSigned: true }'), { type: 'rtsp', url: 'rtsps://cam/2', allowSelfSigned: true })
    t.same(substream('source: { type: hikvision, host: cam, stream: main }, substream: { type: hikvision, host: cam }'), { type: 'rtsp', url: 'rtsp://cam:554/Streaming/Channels/102' })
    t.same(substream('source: { type: simulated }, substream: { type: simulated, codec: h265 }'), { type: 'simulated', codec: 'h265', auth: 'none' })
    t.same(substream('source: "rtsp://u:p@cam/1", substream: "rtsp://u:p@cam/2"'), { type: 'rtsp', url: 'rtsp://cam/2' }, 'the same ones may be written twice')
    t.equal(substream('source: rtsp://cam/1'), undefined)
    t.same(faults('{ source: rtsp://cam/1, substream: http://cam/2 }'), ['3:41: cameras.1.substream: expected an RTSP address, rtsp://…, because a substream is for its H.264 or H.265'])
    t.same(faults('{ source: rtsp://cam/1, substream: "rtsp://u:hunter2@cam/2" }'), ['3:41: cameras.1.substream: its credentials are not those of the source; leave them out, because a camera has one username and password here'])
    t.same(faults('{ source: rtsp://cam/1, substream: { type: rtsp, url: rtsp://cam/1 } }'), ['3:60: cameras.1.substream.url: this is the address of the source; the substream is another, smaller stream'])
    t.same(faults('{ source: rtsp://cam/1, substream: { type: rtsp, url: "http://hunter2" } }'), ['3:60: cameras.1.substream.url: expected an RTSP URL like rtsp://192.168.1.20:554/stream1'])
    t.ok(camerasVocabulary.isSecret('cameras.1.substream'))
    // eslint-disable-next-line no-template-curly-in-string -- the file itself contains ${…}
    t.same(parse('cameras: { 1: { source: rtsp://cam/1, substream: "rtsp://cam/${KEY}" } }', { KEY: 'hunter2' }).cameras[0]!.secrets, ['hunter2'])
  })
  t.test('is checked key against key', async t => {
    t.same(faults('{ source: "rtsp://u:hunter2@cam", password: x }'),
      ['3:50: cameras.1.password: the URL of the source (line 3) carries credentials too; keep one of the two'])
    t.same(faults('{ source: rtsp://cam, password: hunter2 }'), ['3:38: cameras.1: a password without a username'])
    t.same(faults('{ source: rtsp://cam, password: hunter2, username: [] }'), ['3:57: cameras.1.username: expected text, received an empty list'])
    t.same(faults('{ source: rtsp://cam }', '{ password: hunter2 }'), ['1:23: cameras.1: a password without a username'])
    t.same(faults('{ source: { type: simulated, auth: digest } }'), ['3:41: cameras.1: auth: digest needs a username and a password beside the source'])
    for (const source of ['rtsp://cam', 'rtsps://cam', '{ type: simulated }', 'http://cam']) {
      for (const ingest of ['auto', 'direct', 'ffmpeg']) t.same(faults(`{ source: ${source}, username: u, password: "${'x'.repeat(200)}", ingest: ${ingest} }`), [], 'ffmpeg gets no password, and reads no certificate')
    }
    const noHold = /onLoss: hold does not go with ingest: ffmpeg/
    t.match(faults('{ source: rtsp://cam, ingest: ffmpeg, onLoss: hold }'), [noHold])
    t.match(faults('{ source: rtsp://cam, ingest: ffmpeg }', '{ onLoss: hold }'), [noHold])
    t.same(faults('{ source: rtsp://cam, onLoss: hold }'), [])
    t.match(faults('{ source: rtsp://cam, username: "a:b" }'), [/cannot hold ':'/])
    t.match(faults('{ source: { type: rtsp, url: "rtsp://a%3Ab:hunter2@cam" } }'), [/^3:35: cameras\.1: a username cannot hold ':'/])
    t.match(faults('{ source: { type: rtsp, allowSelfSigned: true, url: http://hunter2 } }'), [/^3:58: cameras\.1\.source\.url: expected an RTSP URL/])
    t.match(faults('{ source: rtsp://hunter2:x }'), [/^3:16: cameras\.1\.source: expected an RTSP URL/])
    t.match(faults('{ source: { type: v4l2, device: "1" } }'), [/^3:38: cameras\.1\.source\.device: expected auto or a device such as \/dev\/video1/])
    t.match(faults('{ source: rstp://u:hunter2@cam, fps: 0 }'), [/did you mean rtsp/, /fps/])
  })
})

t.test('values from the environment', async t => {
  const env = { HOST: '10.0.0.5', PORT: '8554', TOKEN: 'a/b c', PW: 'hunter2', URL: 'rtsp://u:p@10.0.0.5:8554/deep/path?x=1', BASE: 'rtsp://10.0.0.5/', CHANNEL: '1' }
  /* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
  const secrets = (camera: string, defaults = '{}') => parse(`defaults: ${defaults}\ncameras: { 1: ${camera} }`, env).cameras[0]?.secrets
  t.same(secrets('{ source: "rtsp://${HOST}:${PORT}/${TOKEN}/live" }'), ['a/b c'], 'is secret after the host and port')
  t.same(secrets('{ source: "${URL}" }'), ['deep/path?x=1'])
  t.same(secrets('{ source: { type: rtsp, url: "${BASE}${TOKEN}" } }'), ['a/b c'])
  t.same(secrets('{ source: { type: dahua, host: "${HOST}", port: "${PORT}", channel: "${CHANNEL}" }, fps: "${CHANNEL}" }'), undefined)
  t.same(secrets('{ source: rtsp://cam, username: admin, password: "x${PW}" }'), ['hunter2'])
  t.same(secrets('{ source: rtsp://cam }', '{ username: admin, password: "${PW}" }'), ['hunter2'])
  t.same(parse('server: { allowExec: true }\ncameras: { 1: { source: { type: exec, command: [grab, "${PW}"] } } }', env).cameras[0]?.secrets, ['hunter2'])
  /* eslint-enable no-template-curly-in-string */
})
