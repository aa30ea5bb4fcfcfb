import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { packageRoot } from '../src/package.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { withVariables } from '../test/with-variables.js'
import type { Peer } from './peers.js'
import { partBytes, picturesOf } from './pictures.js'
import { ownCpuSeconds, residentBytes } from './processes.js'
import { Receiver } from './receiver.js'
import { camgate, go2rtc, installed, node, type Start } from './rivals.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 8)
/** Time for the programs to start and for the just-in-time compiler. */
const WARM_UP_MS = 3_000
const SIZES = [42_000, 79_000]
const VIEWERS = [1, 100, 1000, 2000, 4000]
/** For programs that encode pictures of their own size, and cannot serve more viewers. */
const FEW_VIEWERS = [1, 100]
const QUALITY = [5, 80] as const
const FAILED = 'not all served'
const standIn = join(packageRoot, 'bench/stand-in-ffmpeg.mjs')

/** How much of the same bytes each server delivers to many viewers, and what that costs its process. */
export async function fanout (): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-bench-'))
  const others = installed()
  const rows: string[][] = []
  const camera = createServer(socket => socket.on('error', () => {})) // camgate connects to it before it starts ffmpeg
  await once(camera.listen(0, '127.0.0.1'), 'listening')
  const url = `rtsp://127.0.0.1:${(camera.address() as AddressInfo).port}/none`
  for (const bytes of SIZES) {
    const file = join(folder, String(bytes))
    writeFileSync(file, Buffer.concat(picturesOf(bytes)))
    const pictures = { STAND_IN_PICTURES: file, STAND_IN_BYTES: String(bytes) }
    const env = { ...pictures, FFMPEG_PATH: withVariables(folder, standIn, pictures) }
    const servers: Record<string, Start> = {
      'raw Node sockets': node('raw.mjs', standIn, env),
      camgate: camgate(env, 'ffmpeg'),
      'least Node program': node('least.mjs', standIn, env),
      ...others.go2rtc && { go2rtc: go2rtc(() => [`exec:${standIn}`], env) }
    }
    for (const viewers of VIEWERS) {
      let first: number | undefined
      for (const [name, start] of Object.entries(servers)) {
        const delivered = await deliveredBy(await start({ url, quality: QUALITY }), viewers)
        first ??= delivered?.perCpuSecond
        rows.push([`${bytes / 1000} kB`, String(viewers), name, ...delivered ? [...delivered.cells, (delivered.perCpuSecond / first!).toFixed(2)] : [FAILED]])
      }
    }
  }
  rmSync(folder, { recursive: true })
  camera.close()

  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock' }] })
  for (const [name, start] of Object.entries({ ...others.motion && { Motion: others.motion }, ...others.opencv && { 'OpenCV + Waitress': others.opencv } })) {
    for (const viewers of FEW_VIEWERS) {
      const delivered = await deliveredBy(await start({ url: simulator.url('1'), quality: QUALITY, viewers: viewers + 1 }), viewers)
      rows.push([delivered ? `${(delivered.picture / 1000).toFixed(0)} kB` : '', String(viewers), name, ...delivered?.cells ?? [FAILED]])
    }
  }
  await simulator.close()
  return `${table(['picture', 'viewers', 'server', 'fps min', 'fps median', 'MB/s', 'CPU', 'MB per CPU s', 'RSS MB', 'of raw'], rows)}

CPU is that of the server's own process. In the rows with a value for *of raw*, the pictures come from a stand-in for ffmpeg, 20 a second; each server
starts one, and it is not counted. Motion and OpenCV read, decode and encode an H.264 camera of 960x544, which is counted.
The viewers are one Python process that discards the data (\`MSG_TRUNC\`), on the same processors as the server.`
}

/** Undefined if some viewer received nothing in time; the receiver prints that. */
async function deliveredBy (peer: Peer, viewers: number) {
  let picture = await partBytes(peer.url)
  while (!picture) { // Motion turns viewers away until its camera runs
    await wait(500)
    picture = await partBytes(peer.url)
  }
  const receiver = await Receiver.open(peer.url, viewers)
  try {
    return receiver && { picture, ...await measured(peer, receiver, picture) }
  } finally {
    await receiver?.close()
    await peer.stop()
  }
}

async function measured (peer: Peer, receiver: Receiver, picture: number) {
  await wait(WARM_UP_MS)
  const look = async () => ({ counts: await receiver.counts(), cpu: ownCpuSeconds(peer.pid), at: performance.now() })
  const before = await look()
  await wait(SECONDS * 1_000)
  const after = await look()
  const seconds = (after.at - before.at) / 1_000
  const cpu = after.cpu - before.cpu
  const each = after.counts.map((count, i) => count - before.counts[i]!)
  const all = each.reduce((sum, count) => sum + count, 0) / 1e6
  const fps = each.map(count => count / picture / seconds)
  const cells = [
    Math.min(...fps).toFixed(1), quantile(fps, 0.5).toFixed(1), (all / seconds).toFixed(0), `${(100 * cpu / seconds).toFixed(0)} %`,
    (all / cpu).toFixed(0), (residentBytes(peer.pid) / 1e6).toFixed(0)
  ]
  return { perCpuSecond: all / cpu, cells }
}
