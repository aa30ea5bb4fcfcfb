/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import t from 'tap'
import { mistakesIn, parse } from './fixtures/read.js'

const camera = (keys: string) => `cameras:\n  1: { source: rtsp://cam/live, ${keys} }\n`

t.test('the schema of cameras.yaml', async t => {
  t.test('reports what was expected and received, and where', async t => {
    const cases: Array<[string, string]> = [
      ['fps: 0', '2:38: cameras.1.fps: expected a number above 0 and up to 60, received 0'],
      ['fps: .nan', '2:38: cameras.1.fps: expected a number above 0 and up to 60, received .nan'],
      ['fps: fast', '2:38: cameras.1.fps: expected a number above 0 and up to 60, received "fast"'],
      ['quality: 2.5', '2:42: cameras.1.quality: expected a whole number from 2 (best) to 31 (smallest), or a percentage such as 85%, received 2.5'],
      ['width: [1]', '2:40: cameras.1.width: expected a whole number from 16 to 7680, received a list'],
      ['height: { }', '2:41: cameras.1.height: expected a whole number from 16 to 7680, received an empty map'],
      ['onDemand: yes', '2:43: cameras.1.onDemand: expected true or false, received "yes"; did you mean true?'],
      ['transport: tpc', "2:44: cameras.1.transport: expected auto, tcp or udp, received \"tpc\"; did you mean 'tcp'?"],
      ['name: ""', '2:39: cameras.1.name: expected text of 1 to 100 characters in one line, received ""'],
      ['bitrate: 1', '2:33: cameras.1: unknown key "bitrate"; known are source, substream, onvif, name, auth, username, password, transport, ingest, onLoss, hwaccel, fps, quality, width, height, crop, rotate, flip, overlay, onDemand, decode, rewriteSps, enabled, maxViewers, renditions'],
      ['rotate: 45', '2:41: cameras.1.rotate: expected 0, 90, 180 or 270, received 45'],
      ['rotate: -90', '2:41: cameras.1.rotate: expected 0, 90, 180 or 270, received -90'],
      ['rotation: 90', "2:33: cameras.1: unknown key \"rotation\"; did you mean 'rotate'?"],
      ['flip: vertcal', "2:39: cameras.1.flip: expected none, horizontal, vertical or both, received \"vertcal\"; did you mean 'vertical'?"],
      ['crop: 640x360', '2:39: cameras.1.crop: expected a map like { x: 0, y: 0, width: 640, height: 360 }, received "640x360"'],
      ['crop: { x: 0, y: 0, width: 8, height: 16 }', '2:60: cameras.1.crop.width: expected a whole number from 16 to 7680, received 8'],
      ['crop: { x: 0, y: 0, width: 16 }', '2:39: cameras.1.crop: height is missing; expected a whole number from 16 to 7680'],
      ['overlay: {}', '2:42: cameras.1.overlay: expected a map like { name: true, clock: true }, received an empty map'],
      ['overlay: true', '2:42: cameras.1.overlay: expected a map like { name: true, clock: true }, received true'],
      ['overlay: { name: Yard }', '2:50: cameras.1.overlay.name: expected true or false, received "Yard"'],
      ['overlay: { time: true }', "2:44: cameras.1.overlay: unknown key \"time\"; did you mean 'clock'?"],
      ['hwaccel: nvidia', "2:42: cameras.1.hwaccel: expected auto, none, vaapi, cuda, qsv, v4l2m2m or rkmpp, received \"nvidia\"; did you mean 'cuda'?"],
      ['decode: allways', "2:41: cameras.1.decode: expected watched or always, received \"allways\"; did you mean 'always'?"],
      ['decode: true', "2:41: cameras.1.decode: expected watched or always, received true; did you mean 'always'?"],
      ['decode: off', "2:41: cameras.1.decode: expected watched or always, received \"off\"; did you mean 'watched'?"],
      ['decode: on-demand', "2:41: cameras.1.decode: expected watched or always, received \"on-demand\"; did you mean 'watched'?"],
      ['prewarm: true', "2:33: cameras.1: unknown key \"prewarm\"; did you mean 'decode'?"],
      ['decoder: cuda', "2:33: cameras.1: unknown key \"decoder\"; did you mean 'hwaccel'?"],
      ['gpu: cuda', "2:33: cameras.1: unknown key \"gpu\"; did you mean 'hwaccel'?"],
      ['hwaccel: true', "2:42: cameras.1.hwaccel: expected auto, none, vaapi, cuda, qsv, v4l2m2m or rkmpp, received true; did you mean 'auto'?"],
      ['hwaccel: on', "2:42: cameras.1.hwaccel: expected auto, none, vaapi, cuda, qsv, v4l2m2m or rkmpp, received \"on\"; did you mean 'auto'?"],
      ['osd: { name: true }', "2:33: cameras.1: unknown key \"osd\"; did you mean 'overlay'?"],
      ['passwort: hunter2', "2:33: cameras.1: unknown key \"passwort\"; did you mean 'password'?"],
      ['username: a, password: [hunter2]', '2:56: cameras.1.password: expected text, received a list'],
      ['__proto__: 1', '2:33: cameras.1: unknown key "__proto__"; known are source, substream, onvif, name, auth, username, password, transport, ingest, onLoss, hwaccel, fps, quality, width, height, crop, rotate, flip, overlay, onDemand, decode, rewriteSps, enabled, maxViewers, renditions']
    ]
    for (const [keys, fault] of cases) t.same(mistakesIn(camera(keys)), [fault], keys)
  })

  t.test('chooses the kind of a source by its type first', async t => {
    const source = (text: string) => mistakesIn(`cameras:\n  1:\n    source: ${text}\n`)
    t.match(source('{ type: simulatd, codec: x }'), [/^3:21: cameras\.1\.source\.type: expected rtsp, .* or simulated, received "simulatd"; did you mean 'simulated'\?$/])
    t.match(source('{ codec: h264 }'), [/^3:13: cameras\.1\.source: type is missing; expected rtsp, .* or simulated$/])
    t.same(source('{ type: simulated, codec: h266 }'), ["3:39: cameras.1.source.codec: expected h264, h265 or mjpeg, received \"h266\"; did you mean 'h264'?"])
    t.same(source('{ type: rtsp, fault: x }'), ['3:13: cameras.1.source: url is missing; expected text like rtsp://192.168.1.20:554/stream1',
      '3:27: cameras.1.source: unknown key "fault"; known are type, url, allowSelfSigned'])
    t.same(source('{ type: simulated, fault: { kind: stall } }'), ['3:39: cameras.1.source.fault: after is missing; expected a number from 0 to 86400'])
    t.match(source('{ type: simulated, fault: refuse }'), [/expected a map with kind: refuse, silent, .* or away, received "refuse"/])
    for (const wrong of ['[rtsp://hunter2]', '', '{}']) t.match(source(wrong), [/^3:\d+: cameras\.1\.source: .*rtsp/], wrong)
  })

  t.test('explains the map of cameras if there is none', async t => {
    for (const cameras of ['', ' {}', '\n  - source: rtsp://cam', ' 7']) {
      t.match(mistakesIn(`cameras:${cameras}\n`), [/expected a map from id to camera, received .*; for example\n {4}cameras:\n {6}1:/], cameras)
    }
    t.match(mistakesIn('defaults: { fps: 5 }\n'), [/^1:1: cameras is missing; expected a map from id to camera/])
    t.match(mistakesIn('- a\n'), [/the file: expected a map, received a list/])
    t.match(mistakesIn('camera: {}\n'), [/did you mean 'cameras'/, /cameras is missing/])
    t.match(mistakesIn('cameras:\n  1:\n'), [/^2:\d+: cameras\.1: expected a camera, for example .*, received nothing/])
    t.match(mistakesIn('cameras:\n  1: {}\n'), [/^2:3: cameras\.1: source is missing/])
    t.match(mistakesIn('cameras:\n  a b: { source: rtsp://x }\n'), [/^2:3: cameras: the id "a b" may hold/])
  })

  t.test('reports what is wrong with a rendition', async t => {
    const wrong = (renditions: string) => mistakesIn(camera(`renditions: ${renditions}`))
    t.same(wrong('{ full: { width: 320 }, auto: { fps: 5 } }'), [
      '2:47: cameras.1.renditions: the name "full" is taken: full is the camera\'s own picture, and auto the one that suits the viewer\'s link; choose another',
      '2:69: cameras.1.renditions: the name "auto" is taken: full is the camera\'s own picture, and auto the one that suits the viewer\'s link; choose another'
    ])
    t.same(wrong('{ thumb: { wdth: 320 } }'), ["2:56: cameras.1.renditions.thumb: unknown key \"wdth\"; did you mean 'width'?"])
    t.same(wrong('{ thumb: {} }'), ['2:54: cameras.1.renditions.thumb: expected a map such as { width: 320, fps: 5 }, received an empty map'])
    t.match(wrong('{ thumb: }'), [/cameras\.1\.renditions\.thumb: expected a map such as .*, received nothing/])
    t.same(wrong('{}'), ['2:45: cameras.1.renditions: expected a map from name to rendition, such as { thumb: { width: 320, fps: 5 } }, received an empty map'])
    t.match(wrong('[thumb]'), [/expected a map from name to rendition, .*, received a list/])
    t.same(wrong('{ a b: { fps: 5 } }'), ['2:47: cameras.1.renditions: the name "a b" may hold letters, digits, - and _, at most 64 of them; write a-b:'])
    t.same(wrong('{ thumb: { fps: 0 } }'), ['2:61: cameras.1.renditions.thumb.fps: expected a number above 0 and up to 60, received 0'])
    t.same(wrong(`{ ${[...Array(9)].map((_, i) => `r${i}: { fps: 5 }`).join(', ')} }`), ['2:45: cameras.1.renditions: expected at most 8, received 9'])
  })

  t.test('keeps the spelling of text', async t => {
    for (const password of ['1234', '0123', '1e3', 'true', '0x10', '.inf', '+1', '1.50']) {
      t.equal(parse(camera(`username: 007, password: ${password}`)).cameras[0]?.credentials?.password, password)
    }
    for (const password of ['"null"', "'~'", '""']) t.equal(parse(camera(`username: 007, password: ${password}`)).cameras[0]?.credentials?.password, password.slice(1, -1))
    t.match(parse(camera('username: 007, name: 12')).cameras[0], { name: '12', credentials: { username: '007', password: '' } })
  })

  t.test('converts ${…} to numbers and booleans, and shows none of their values', async t => {
    const env = { RATE: '12.5', YES: 'true', SECRET: 'hunter2' }
    t.match(parse(camera('fps: "${RATE}", onDemand: "${YES}", username: "${RATE}"'), env).cameras[0], { fps: 12.5, onDemand: true, credentials: { username: '12.5' } })
    t.same(mistakesIn(camera('fps: "${SECRET}"'), env), ['2:38: cameras.1.fps: expected a number above 0 and up to 60, received "${SECRET}" with a value that is not shown'])
    t.same(mistakesIn(camera('fps: "${NOPE}"')), ['2:38: the environment variable NOPE is not set'])
    t.match(mistakesIn(camera('fps: "20"')), [/received "20"; write it without quotes$/])
  })
})
