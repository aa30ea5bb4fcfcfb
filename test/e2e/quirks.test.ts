import { execFile } from 'node:child_process'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { quirkDescriptions, type Quirk } from '../../src/faults/quirk.js'
import { startSimulator, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { readFrameNumber } from '../../src/clips/strip.js'
import { until } from './until.js'
import { small } from '../simulator/small.js'
import { visit } from '../rtsp-client/camera.js'

const credentials = { username: 'admin', password: 'secret' }
const asksForDigest: readonly Quirk[] = ['sha-256', 'no-qop', 'stale-nonce']
/** Quirks that exist only with this codec, or only over this transport. */
const h264Only: readonly Quirk[] = ['interlaced']
const udpOnly: readonly Quirk[] = ['reordered', 'no-tcp']
/** Long enough for keep-alives, and for a nonce to go stale. */
const lasting: readonly Quirk[] = ['short-session', 'session-strict', 'keep-alive-refused', 'keep-alive-wrong-cseq', 'stale-nonce', 'session-from-play']

interface Case { id: string, quirk: Quirk, codec: 'h264' | 'h265', transport: 'tcp' | 'udp' }
const names = (Object.keys(quirkDescriptions) as Quirk[]).filter(quirk => quirk !== 'no-key')
const cases = names.flatMap(quirk => (['h264', 'h265'] as const).flatMap(codec => {
  if (h264Only.includes(quirk) && codec !== 'h264') return []
  return [{ id: `${quirk}-${codec}`, quirk, codec, transport: udpOnly.includes(quirk) ? 'udp' as const : 'tcp' as const }]
}))
const cameraOf = ({ id, quirk, codec }: Case): SimulatedCamera => ({
  ...small,
  id,
  codec,
  quirks: lasting.includes(quirk) && quirk !== 'short-session' ? [quirk, 'short-session'] : [quirk],
  clipSeconds: quirk === 'long-gop' ? 10 : 2,
  ...asksForDigest.includes(quirk) && { auth: 'digest', ...credentials }
})

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [...cases.map(cameraOf), { ...small, id: 'no-key', quirks: ['no-key'] }]
})
t.teardown(() => simulator.close())

/** The numbers in the pictures, as a decoder that gets them one after the other shows them. Null for a number that is damaged. */
async function shown (codec: Case['codec'], pictures: readonly Buffer[]): Promise<Array<number | null>> {
  const { width, height } = small
  const pixels = await new Promise<Buffer>((resolve, reject) => {
    const child = execFile(findFfmpeg()!, [
      '-v', 'error', '-flags', 'low_delay', '-threads', '1', '-f', codec === 'h265' ? 'hevc' : 'h264', '-i', 'pipe:0',
      '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'
    ], { encoding: 'buffer', maxBuffer: Infinity }, (error, stdout) => error ? reject(error) : resolve(stdout))
    child.stdin!.end(Buffer.concat(pictures))
  })
  return Array.from({ length: pixels.length / (width * height) }, (_, index) =>
    readFrameNumber({ pixels: pixels.subarray(index * width * height, (index + 1) * width * height), width, height }))
}

t.test('a camera with', { jobs: 12 }, async t => {
  for (const each of cases) {
    const { id, quirk, codec, transport } = each
    t.test(`${quirk} is read, ${codec} by ${transport}`, { buffered: true }, async t => {
      const camera = cameraOf(each)
      const { session, seen, pictures, leave } = visit(simulator.url(id), { ...camera.auth && { credentials }, transport: quirk === 'no-tcp' ? 'auto' : transport })
      const loses = quirk === 'lossy' || quirk === 'cut-packets'
      if (loses) await until('a picture was lost', () => (session.report()?.picturesDamaged ?? 0) > 0)
      await pictures(lasting.includes(quirk) ? 90 : 30)
      const report = session.report()!
      await leave()
      t.match(report, { transport, codec, width: 320, height: 240 })
      t.ok(seen.pictures[0]!.key)
      const numbers = await shown(codec, seen.pictures.map(({ bytes }) => bytes))
      t.ok(numbers.length >= seen.pictures.length - 3, `${numbers.length} of ${seen.pictures.length} pictures are shown`)
      const count = camera.clipSeconds! * small.fps
      const steps = numbers.slice(1).map((number, index) => number === null || numbers[index] === null ? NaN : (number - numbers[index]! + count) % count)
      if (loses) {
        t.ok(report.packetsLost > 0 && report.picturesDamaged > 0, `${report.packetsLost} packets, ${report.picturesDamaged} pictures`)
        t.equal(numbers.length, seen.pictures.length, 'each picture that came is shown')
        const clean = steps.filter((_, index) => !seen.pictures[index]!.damaged && !seen.pictures[index + 1]!.damaged)
        t.ok(clean.length > 15, `${clean.length} of ${steps.length} are clean`) // what a damaged one shows depends on its decoder
        t.same(clean.filter(step => step !== 1), [], 'one clean picture after the other')
      } else {
        t.match(report, { packetsLost: 0, picturesDamaged: 0 })
        const inOrder = quirk === 'b-frames' ? steps.slice(0, -1) : steps // the last one may be shown after others that were still to come
        t.same(inOrder.filter(step => step !== 1), [], 'one picture after the other')
      }
      t.equal(simulator.stats(id).connectionsTotal, quirk === 'redirect' ? 2 : 1)
    })
  }

  t.test('no key picture shows nothing, and reports what comes', async t => {
    const { session, seen, leave } = visit(simulator.url('no-key'))
    await until('packets come', () => (session.report()?.bitsPerSecond ?? 0) > 0)
    t.same(seen.pictures, [])
    await leave()
  })
})
