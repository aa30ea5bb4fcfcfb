import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { secret } from './credentials.js'
import { noGstreamer, startGstreamer, type Auth } from './gstreamer/server.js'
// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { leaksIn } from './leaks.mjs'
import { decodeJpeg, pixelAt } from './picture.js'
import { childrenOf } from './processes.js'
import { startService, type Service } from './service.js'

const AUTHS = ['none', 'basic', 'digest'] as const
const credentials = { username: secret('us@r/ä'), password: secret("p@ss:w/ö'rd %41") }
const wrong = { ...credentials, password: secret("p@ss:w/ö'rd A") }

/** The colours of the bars in GStreamer's test picture, from left to right. */
const BARS = [[255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255]]
const STEP = 51 // a fifth of 255, to round off JPEG's errors

const good = ['h264', 'h265', 'mjpeg'].flatMap(codec => ['tcp', 'udp'].flatMap(transport => AUTHS.map(auth =>
  ({ id: `${codec}-${transport}-${auth}`, codec, transport, auth }))))

t.test('cameras of GStreamer', { skip: noGstreamer }, async t => {
  const clip = join(t.testdir({}), 'bars.mp4')
  execFileSync(findFfmpeg()!, ['-v', 'error', '-f', 'lavfi', '-i', 'smptebars=size=320x240:rate=10', '-t', '60', '-c:v', 'mpeg4', '-g', '10', '-b:v', '500k', clip])
  const address = {} as Record<Auth, string>
  for (const auth of AUTHS) address[auth] = await startGstreamer(t, auth, credentials, clip)
  const entry = (auth: Auth, path: string, more: object = auth === 'none' ? {} : credentials) => ({ source: `${address[auth]}/${path}`, ...more })
  const cameras = {
    ...Object.fromEntries(good.map(({ id, codec, transport, auth }) => [id, { ...entry(auth, codec), transport }])),
    mpeg4: entry('none', 'mpeg4'),
    audio: entry('digest', 'audio'),
    'wrong-basic': entry('basic', 'h264', wrong),
    'wrong-digest': entry('digest', 'h264', wrong),
    'no-password': entry('digest', 'h264', {}),
    'no-path': entry('none', 'nothing-here'),
    'no-path-digest': entry('digest', 'nothing-here')
  }
  const config = join(dirname(clip), 'cameras.yaml')
  writeFileSync(config, JSON.stringify({ defaults: { decode: 'always' }, cameras }))
  const service = await startService(t, { config })

  for (const { id, codec, transport, auth } of good) {
    t.test(`${codec} over ${transport}, ${auth === 'none' ? 'no password' : `password by ${auth}`}: a picture`, async t => {
      const { cameras } = await service.until(({ cameras }) => cameras[id]!.state === 'running' && cameras[id]!.framesTotal > 0, `${id} is shown`)
      t.match(cameras[id], { failure: null, width: 320, height: 240, restarts: 0 })
      t.same(await barsOf(service, id), BARS)
      const { framesTotal } = cameras[id]!
      await service.until(({ cameras }) => cameras[id]!.framesTotal > framesTotal, `another picture of ${id} comes`)
    })
  }

  for (const [id, what, input, level] of [
    ['mpeg4', 'MPEG-4, which camgate leaves to ffmpeg', { ingest: 'ffmpeg', codec: 'mpeg4', reason: /mp4v-es/i }, 0.8], // ffmpeg's bars are those of 75 %
    ['audio', 'one that also has sound', { ingest: 'direct', codec: 'h264' }, 1]
  ] as const) {
    t.test(`${what}: a picture`, async t => {
      const { cameras } = await service.until(({ cameras }) => cameras[id]!.state === 'running' && cameras[id]!.framesTotal > 0, `${id} is shown`)
      t.match(cameras[id], { failure: null, restarts: 0, input })
      t.same(await barsOf(service, id), BARS.map(colour => colour.map(part => level * part)))
    })
  }

  for (const [id, code] of [
    ['wrong-basic', 'auth'], ['wrong-digest', 'auth'], ['no-password', 'auth'], ['no-path', 'not-found'], ['no-path-digest', 'not-found']
  ] as const) {
    t.test(`${id.replace('-', ' ')}: ${code}`, async t => {
      const { cameras } = await service.until(({ cameras }) => Boolean(cameras[id]?.failure), `${id} fails`)
      t.match(cameras[id], { failure: { code }, framesTotal: 0 })
    })
  }

  t.test('the password is in no process list, log line or status', async t => {
    const processes = childrenOf(service.pid)
    t.ok(processes.length >= good.filter(({ codec }) => codec !== 'mjpeg').length) // those that fail are retried
    const shown = JSON.stringify([processes, service.log, service.stderr, await service.status()])
    t.same(leaksIn(shown), [])
  })
})

/** The colour of each bar in the camera's snapshot. */
async function barsOf (service: Service, id: string): Promise<number[][]> {
  const response = await fetch(new URL(`camera/${id}/snapshot`, service.url))
  const picture = decodeJpeg(Buffer.from(await response.arrayBuffer()))
  return BARS.map((_, bar) => pixelAt(picture, Math.floor((bar + 0.5) * picture.width / BARS.length), Math.floor(picture.height / 3))
    .map(level => Math.round(level / STEP) * STEP))
}
