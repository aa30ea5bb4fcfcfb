/* eslint-disable no-template-curly-in-string -- cameras.yaml has ${…} */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseRegistry } from '../../src/config/parse.js'
import { inPlace } from '../../src/importers/import.js'
import { packageRoot } from '../../src/package.js'
import { imported } from './read.js'

// After https://github.com/AlexxIT/go2rtc/blob/master/README.md and internal/app/README.md
const go2rtc = `
api:
  listen: ":1984"
streams:
  front: rtsp://admin:pass%23word@192.168.1.20/stream1
  yard:
    - rtsp://\${YARD_USER:admin}:\${YARD_PASSWORD}@192.168.1.21/stream1#backchannel=0
    - ffmpeg:yard#audio=opus
    - rtsp://192.168.1.21/stream2
  Küche:
    - ffmpeg:rtsp://192.168.1.22/live#video=h264#hardware
    - rtsp://192.168.1.22/small
  webcam: ffmpeg:device?video=0&input_format=mjpeg#video=h264
  unifi: rtspx://192.168.1.1:7441/fD6ouM72bWoFijxK
  jpeg: http://192.168.1.23/cgi-bin/snapshot.cgi
  command: exec:ffmpeg -i rtsp://192.168.1.24/ -f rtsp {output}
  echoed: echo:python3 address.py
  kasa: tapo://secret@192.168.1.25
  empty:
`

// After https://mediamtx.org/docs/references/configuration-file
const mediamtx = `
rtspAddress: :8554
pathDefaults:
  source: publisher
  sourceOnDemand: no
paths:
  front:
    source: rtsp://admin:$\${x}@192.168.1.20:554/stream1
    sourceOnDemand: yes
    rtspTransport: udp
  cams/yard:
    source: rtsps://192.168.1.21:322/live
    sourceFingerprint: 33949E05FFFB5FF3E8AA16F8213A6251B4D9363804BA53233C4DA9A46D6F2739
    rtspTransport: automatic
  pi:
    source: rpiCamera
    rpiCameraWidth: 1280
    rpiCameraHeight: 720
    rpiCameraFPS: 15
  pushed:
    runOnReady: ffmpeg -i x y
  radio:
    source: srt://192.168.1.9:1234
  all_others:
  ~^cam\\d+$:
    source: rtsp://192.168.1.30/$G1
`

// After https://docs.frigate.video/configuration/cameras and /configuration/restream
const frigate = `
mqtt:
  host: mqtt.server.com
go2rtc:
  streams:
    back:
      - rtsp://viewer:{FRIGATE_RTSP_PASSWORD}@10.0.10.11:554/main
      - ffmpeg:back#audio=opus
    back_sub: rtsp://viewer:{FRIGATE_RTSP_PASSWORD}@10.0.10.11:554/sub
cameras:
  front:
    friendly_name: Front of the house
    ffmpeg:
      inputs:
        - path: rtsp://viewer:{FRIGATE_RTSP_PASSWORD}@10.0.10.10:554/cam/realmonitor?channel=1&subtype=1
          roles: [detect]
        - path: rtsp://viewer:{FRIGATE_RTSP_PASSWORD}@10.0.10.10:554/cam/realmonitor?channel=1&subtype=0
          roles: [record, audio]
    detect:
      width: 640
      height: 480
  back:
    enabled: False
    ffmpeg:
      inputs:
        - path: rtsp://127.0.0.1:8554/back
          input_args: preset-rtsp-restream
          roles:
            - record
        - path: rtsp://127.0.0.1:8554/back_sub
          roles:
            - detect
  one:
    ffmpeg:
      inputs:
        - path: rtsp://10.0.10.12/
          roles: [detect, record]
  two_logins:
    ffmpeg:
      inputs:
        - { path: 'rtsp://a:b@10.0.10.13/1', roles: [record] }
        - { path: 'rtsp://c:d@10.0.10.13/2', roles: [detect] }
  gone:
    ffmpeg:
      inputs:
        - path: rtsp://127.0.0.1:8554/unknown
          roles: [detect]
`

t.test('a go2rtc.yaml', async t => {
  const { program, cameras, remarks, yaml } = imported(go2rtc, { env: { YARD_USER: 'u', YARD_PASSWORD: 'secret' } })
  t.equal(program, 'go2rtc')
  t.match(cameras, [
    { id: 'front', source: { url: 'rtsp://192.168.1.20/stream1' }, credentials: { username: 'admin', password: 'pass#word' } },
    { id: 'yard', source: { url: 'rtsp://192.168.1.21/stream1' }, credentials: { username: 'u', password: 'secret' } },
    { id: 'kuche', name: 'Küche', source: { url: 'rtsp://192.168.1.22/live' } },
    { id: 'webcam', source: { type: 'v4l2', device: '/dev/video0' } },
    { id: 'unifi', source: { type: 'rtsp', url: 'rtsps://192.168.1.1:7441/fD6ouM72bWoFijxK', allowSelfSigned: true } },
    { id: 'jpeg', source: { type: 'http', url: 'http://192.168.1.23/cgi-bin/snapshot.cgi' } }
  ])
  t.equal(cameras.length, 6)
  t.match(yaml, 'username: "${YARD_USER}"\n    password: "${YARD_PASSWORD}"')
  t.same(remarks.map(remark => /^\d+: [^:]+: .{10}/.exec(remark)?.[0]), [
    '2: api: not taken ', '6: yard: a camera h', '6: yard: cameras.ya', '10: Küche: a camera h', '16: command: exec: runs', '17: echoed: echo: runs', '18: kasa: expected r', '19: empty: it has no '
  ])
  t.notMatch(remarks.join(), /secret|address\.py/)
})

t.test('a mediamtx.yml', async t => {
  const { program, cameras, remarks } = imported(mediamtx)
  t.equal(program, 'mediamtx')
  t.match(cameras, [
    { id: 'front', source: { url: 'rtsp://192.168.1.20:554/stream1' }, credentials: { password: '$${x}' }, onDemand: true, transport: 'udp' },
    { id: 'cams-yard', name: 'cams/yard', source: { url: 'rtsps://192.168.1.21:322/live' }, onDemand: false, transport: 'auto' },
    { id: 'pi', source: { type: 'picamera' }, width: 1280, height: 720, fps: 15 }
  ])
  t.equal(cameras.length, 3)
  t.same(remarks.map(remark => /^\d+: [^:]+: .{9}/.exec(remark)?.[0]), [
    '11: cams/yard: sourceFin', '20: pushed: a program', '21: pushed: runOnRead', '22: radio: expected ', '24: all_others: it stands', '25: ~^cam\\d+$: it stands'
  ])
})

t.test('a config.yml of Frigate', async t => {
  const { program, cameras, remarks, yaml } = imported(frigate, { env: { FRIGATE_RTSP_PASSWORD: 'secret' } })
  t.equal(program, 'frigate')
  t.match(cameras, [
    { id: 'front', name: 'Front of the house', source: { url: /subtype=0$/ }, substream: { url: /subtype=1$/ }, credentials: { username: 'viewer', password: 'secret' } },
    { id: 'back', source: { url: 'rtsp://10.0.10.11:554/main' }, substream: { url: 'rtsp://10.0.10.11:554/sub' }, credentials: { password: 'secret' }, enabled: false },
    { id: 'one', source: { url: 'rtsp://10.0.10.12/' } },
    { id: 'two_logins', source: { url: 'rtsp://10.0.10.13/1' }, credentials: { username: 'a' } }
  ])
  t.same(cameras.map(({ substream }) => substream !== undefined), [true, true, false, false])
  t.match(yaml, 'password: "${FRIGATE_RTSP_PASSWORD}"')
  t.same(remarks.map(remark => /^\d+: [^:]+: .{9}/.exec(remark)?.[0]), ['1: mqtt: camgate n', '20: front: the size ', '38: two_logins: the input', '43: gone: none of i', '46: gone: it reads '])
})

t.test('files that are not what they seem', async t => {
  t.throws(() => imported('a: &a [x, x]\nb: &b [*a, *a]\n'.repeat(2)), { code: 'IMPORT', message: /is not like the files of any program/ })
  const bomb = Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${n ? `*a${n - 1}, *a${n - 1}` : 'x, x'}]\n`).join('')
  t.throws(() => imported(`streams: { front: rtsp://10.0.0.1/ }\n${bomb}`, { from: 'go2rtc' }), { code: 'IMPORT', message: /too many values through aliases|too deeply nested/ })
  t.throws(() => imported(`streams:\n${'  '.repeat(5_000)}x: 1`, { from: 'go2rtc' }), { code: 'IMPORT', message: /too deeply nested/ })
  t.throws(() => imported('streams: [', { from: 'go2rtc' }), { code: 'IMPORT', message: /^file:1: / })
  t.throws(() => imported('streams: { a: exec:rm }', {}), { code: 'IMPORT', message: /^No camera of file can be taken over\.\nfile:1: a: exec: runs a program/ })
  for (const text of ['', '\u0000', 'hello', '[1, 2]', '{}']) t.throws(() => imported(text), { code: 'IMPORT', message: /Name the program with --from: flask, go2rtc/ })
  t.match(imported('{"streams": {"__proto__": "rtsp://10.0.0.1/", "constructor": "rtsp://10.0.0.2/", "10": "rtsp://10.0.0.3/", "9": "rtsp://10.0.0.4/"}}').cameras.map(({ id }) => id), ['__proto__', 'constructor', '10', '9'])
})

t.test('the examples of docs/migrating become what they say', async t => {
  const blocks = ['go2rtc', 'mediamtx'].flatMap(name => [...readFileSync(join(packageRoot, `docs/migrating/${name}.md`), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!))
  const pairs = blocks.flatMap((yaml, index) => /^(streams|paths):/.test(yaml) ? [[yaml, blocks[index + 1]!] as const] : [])
  t.equal(pairs.length, 2)
  for (const [theirs, ours] of pairs) t.same(imported(theirs).cameras, parseRegistry(ours, { file: 'cameras.yaml', env: {}, readFile: () => '' }).cameras)
})

t.test('what is quoted of a file moves no cursor, and is one line', async t => {
  t.equal(inPlace({ file: 'camera\u001b[2J.conf', line: 1, message: 'no' }), 'camera [2J.conf:1: no')
  const { remarks } = imported(JSON.stringify({ streams: { good: 'rtsp://10.0.0.1/a', 'bad\u001b[2J\n9: forged': 'exec:x' } }), { from: 'go2rtc' })
  t.match(remarks, [/^1: bad \[2J 9: forged: exec: runs a program/])
})
