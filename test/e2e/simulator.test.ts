import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { startSimulator, type Fault, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { readFrameNumber } from '../../src/clips/strip.js'
import { until } from './until.js'
import { small } from '../simulator/small.js'

const ffmpegPath = findFfmpeg()!
const dialect = await askDialect(ffmpegPath)
const ffprobePath = ffmpegPath.replace(/ffmpeg$/, 'ffprobe')
/** ffmpeg-static comes without it. */
const noProbe = !existsSync(ffprobePath) && `NOT TESTED: there is no ffprobe beside ${ffmpegPath}`
const cacheDir = t.testdir()
const credentials = { username: 'gate', password: ':"\\@/ ?' }
const { width, height } = small

interface Ended { code: number | null; stdout: Buffer; stderr: string }

/** Runs a program to its end, or ends it with SIGTERM once stderr matches `enough` or after `ms`, and with SIGKILL 2 s later. */
function run (path: string, args: string[], enough = /^(?!)/, ms = 30_000): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const timers = [setTimeout(() => child.kill(), ms), setTimeout(() => child.kill('SIGKILL'), ms + 2_000)]
    const stdout: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', chunk => stdout.push(chunk))
    child.stderr.on('data', chunk => {
      stderr += chunk
      if (enough.test(stderr)) child.kill()
    })
    child.on('close', code => {
      timers.forEach(clearTimeout)
      resolve({ code, stdout: Buffer.concat(stdout), stderr })
    })
  })
}

const withCredentials = (url: string) => Object.assign(new URL(url), {
  username: encodeURIComponent(credentials.username), password: encodeURIComponent(credentials.password)
}).href

/** Grey pictures of the small size, one after the other. */
const watch = (url: string, transport: 'tcp' | 'udp', output: string[], enough?: RegExp) => run(ffmpegPath, [
  '-nostdin', '-loglevel', 'warning', '-rtsp_transport', transport, `-${dialect.socketTimeout}`, '1500000', '-i', url,
  ...dialect.passthrough, '-enc_time_base', '-1', ...output, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'
], enough)

const numbersIn = (pictures: Buffer): Array<number | null> =>
  Array.from({ length: Math.floor(pictures.length / (width * height)) }, (_, index) =>
    readFrameNumber({ pixels: pictures.subarray(index * width * height, (index + 1) * width * height), width, height }))

t.test('ffmpeg sees what the simulator shows', async t => {
  const cameras = (['h264', 'h265', 'mjpeg'] as const).flatMap(codec => (['none', 'basic', 'digest'] as const).map((auth): SimulatedCamera =>
    ({ id: `${codec}-${auth}`, ...small, codec, auth, ...credentials })))
  const probed = (['h264', 'h265', 'mjpeg'] as const).map((codec): SimulatedCamera => ({ id: codec, ...small, codec, auth: 'digest', ...credentials }))
  const simulator = await startSimulator({ ffmpegPath, cacheDir, cameras: [...cameras, ...probed] })
  t.teardown(() => simulator.close())

  t.jobs = cameras.length
  for (const { id } of cameras) {
    t.test(id, async t => {
      for (const transport of ['tcp', 'udp'] as const) {
        t.test(`over ${transport}`, async t => {
          const { teardowns } = simulator.stats(id)
          const shown: number[] = []
          const stopListening = simulator.onPicture(id, number => shown.push(number))
          const { code, stdout, stderr } = await watch(withCredentials(simulator.url(id)), transport, ['-frames:v', '30'])
          stopListening()
          t.equal(code, 0, stderr)
          t.notMatch(stderr, /error|corrupt|missed|invalid/i)
          const numbers = numbersIn(stdout)
          t.equal(numbers.length, 30)
          t.same(numbers, shown.slice(0, 30), 'every picture, in order, whole')
          await until('the session is over', () => simulator.stats(id).playing === 0)
          // Over TCP ffmpeg hangs up with pictures unread, which may reset the connection before its TEARDOWN is read.
          if (transport === 'udp') await until('the TEARDOWN is read', () => simulator.stats(id).teardowns === teardowns + 1)
        })
      }
    })
  }
  t.test('ffprobe identifies the streams', { skip: noProbe }, async t => {
    const show = ['-v', 'error', '-rtsp_transport', 'tcp', '-show_entries', 'stream=codec_name,profile,width,height,r_frame_rate,has_b_frames', '-of', 'json']
    const probe = async (id: string) => JSON.parse(String((await run(ffprobePath, [...show, withCredentials(simulator.url(id))])).stdout)).streams
    t.match(await probe('h264'), [{ codec_name: 'h264', profile: 'Main', width, height, r_frame_rate: '20/1', has_b_frames: 0 }])
    t.match(await probe('h265'), [{ codec_name: 'hevc', profile: 'Main', width, height, r_frame_rate: '20/1', has_b_frames: 0 }])
    t.match(await probe('mjpeg'), [{ codec_name: 'mjpeg', width, height, r_frame_rate: '20/1' }])
  })
})

t.test('ffmpeg sees every picture of a camera with another encoding or packetization:', async t => {
  const ways: Record<string, Partial<SimulatedCamera>> = {
    tls: { tls: true },
    slices: { quirks: ['slices'] },
    'h265-slices': { codec: 'h265', quirks: ['slices'] },
    'b-frames': { quirks: ['b-frames'] },
    'h265-b-frames': { codec: 'h265', quirks: ['b-frames'] },
    interlaced: { quirks: ['interlaced'] },
    aggregated: { quirks: ['aggregated'] },
    'h265-aggregated': { codec: 'h265', quirks: ['aggregated'] },
    'rtp-extension': { quirks: ['rtp-extension'] }
  }
  const simulator = await startSimulator({ ffmpegPath, cacheDir, cameras: Object.entries(ways).map(([id, way]) => ({ id, ...small, ...way })) })
  t.teardown(() => simulator.close())
  t.jobs = 4
  for (const id of Object.keys(ways)) {
    t.test(id, async t => {
      const { code, stdout, stderr } = await watch(simulator.url(id), 'tcp', ['-frames:v', '30'])
      t.equal(code, 0, stderr)
      t.notMatch(stderr, /error|corrupt|missed|invalid/i)
      const numbers = numbersIn(stdout)
      t.equal(numbers.length, 30)
      t.ok(numbers.every((number, index) => number === (numbers[0]! + index) % 20), JSON.stringify(numbers))
    })
  }
})

t.test('the number survives another JPEG at half the size', async t => {
  const simulator = await startSimulator({ ffmpegPath, cacheDir, cameras: [{ id: '1', ...small }] })
  t.teardown(() => simulator.close())
  const jpegs = await run(ffmpegPath, ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', simulator.url('1'),
    '-frames:v', '20', '-vf', 'scale=iw/2:-2', '-pix_fmt', 'yuvj420p', '-q:v', '8', '-f', 'mjpeg', `${cacheDir}/half.mjpeg`])
  t.equal(jpegs.code, 0, jpegs.stderr)
  const { stdout } = await run(ffmpegPath, ['-nostdin', '-loglevel', 'error', '-i', `${cacheDir}/half.mjpeg`, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'])
  const size = width / 2 * height / 2
  const numbers = Array.from({ length: stdout.length / size }, (_, index) =>
    readFrameNumber({ pixels: stdout.subarray(index * size, (index + 1) * size), width: width / 2, height: height / 2 }, 0.5))
  t.ok(numbers.length >= 19)
  t.ok(numbers.every((number, index) => number !== null && (index === 0 || number === (numbers[index - 1]! + 1) % 20)), JSON.stringify(numbers))
})

t.test('ffmpeg meets a camera with a fault:', async t => {
  t.jobs = 10
  const after = 1
  const faults: Array<[fault: Fault, code: number | null, stderr: RegExp]> = [
    [{ kind: 'refuse' }, 1, /Connection refused/],
    [{ kind: 'silent' }, 1, /Invalid data found|timed out/],
    [{ kind: 'unauthorized' }, 1, /401 Unauthorized/],
    [{ kind: 'not-found' }, 1, /404 Not Found/],
    [{ kind: 'busy' }, 1, /453 Not Enough Bandwidth/],
    [{ kind: 'stall', after }, 0, /timed out/],
    [{ kind: 'cut', after }, 0, /corrupt decoded frame|Input\/output error|error while decoding|^$/]
  ]
  const simulator = await startSimulator({
    ffmpegPath,
    cacheDir,
    cameras: [...faults.map(([fault]) => fault), { kind: 'garbage', after } as const, { kind: 'resize', after, width: 640, height: 360 } as const]
      .map((fault): SimulatedCamera => ({ id: fault.kind, ...small, fault }))
      .concat((['h264', 'mjpeg'] as const).map(codec => ({ id: `corrupt-${codec}`, ...small, codec, fault: { kind: 'corrupt', after, every: 5 } })))
  })
  t.teardown(() => simulator.close())

  for (const [{ kind }, code, stderr] of faults) {
    t.test(kind, async t => {
      const ended = await watch(simulator.url(kind), 'tcp', [])
      t.equal(ended.code, code)
      t.match(ended.stderr, stderr)
      if (kind !== 'stall' && kind !== 'cut') return
      const count = numbersIn(ended.stdout).length
      t.ok(count > 0 && count <= 24, `${count} pictures`) // fewer than 20 if ffmpeg reads so late that the camera's socket is full
    })
  }
  t.test('garbage', async t => {
    const decoderError = /NAL|Undefined type|not implemented/
    const { stderr, stdout } = await watch(simulator.url('garbage'), 'tcp', [], decoderError)
    t.match(stderr, decoderError)
    t.ok(numbersIn(stdout).slice(0, 18).every((number, index) => number === index), 'good pictures before')
  })
  for (const codec of ['h264', 'mjpeg']) {
    t.test(`corrupt ${codec}`, async t => {
      const { stderr, stdout } = await watch(simulator.url(`corrupt-${codec}`), 'tcp', ['-frames:v', '50'])
      t.match(stderr, /error while decoding|error count|overread|error dc|error y=/, 'the decoder complains')
      const numbers = numbersIn(stdout)
      t.equal(numbers.length, 50, 'and pictures come')
      t.same(numbers.slice(0, 18), Array.from({ length: 18 }, (_, index) => index))
    })
  }
  t.test('resize', { skip: noProbe }, async t => {
    const { stdout } = await run(ffprobePath, ['-v', 'error', '-rtsp_transport', 'tcp', '-read_intervals', '%+4',
      '-show_entries', 'frame=width,height', '-of', 'csv=p=0:s=x', simulator.url('resize')])
    const sizes = String(stdout).match(/\d+x\d+/g) ?? []
    t.equal(sizes[0], '320x240')
    t.equal(sizes.at(-1), '640x360')
  })
})
