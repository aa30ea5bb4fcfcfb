import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator, type Simulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { camgate, installed, node, type Start } from './rivals.js'
import { SlowLink } from './slow-link.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 20)
const WARM_UP_MS = 4_000
const MBITS = 2
const CAMERA = { id: '1', name: 'Clock', width: 1280, height: 720 }
/** ffmpeg's -q:v and OpenCV's percentage. Both make pictures of about 46 kB. */
const QUALITY = [2, 91] as const

/** The age of the picture at a viewer behind a slow link, while another viewer of the same camera has a fast one. */
export async function slow (): Promise<string> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    process.stderr.write('NOT MEASURED: slow needs Linux and root, for a network namespace of its own.\n')
    return 'Not measured: this needs Linux and root.'
  }
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [CAMERA] })
  const others = installed()
  const servers: Record<string, Start> = {
    camgate: camgate(),
    'least Node program': node('least.mjs'),
    ...others.opencv && { 'OpenCV + Waitress': others.opencv },
    ...others.go2rtc && { go2rtc: others.go2rtc() }
  }
  const rows: string[][] = []
  for (const [name, start] of Object.entries(servers)) {
    const alone = await watch(simulator, start, false)
    const both = await watch(simulator, start, true)
    rows.push([name, ...both.far!, ...both.near, ...alone.near.slice(1)])
  }
  await simulator.close()
  return `${table(['server', 'slow: fps', 'age ms p50', 'max', 'fast: fps', 'age ms p50', 'max', 'alone: age p50', 'max'], rows)}

The slow viewer has a link of ${MBITS} Mbit/s (\`tc tbf\`, burst 16 kB, latency 50 ms) in a network namespace. Pictures have about 46 kB and come 20 times a second;
one takes 0.18 s on that link. The age is the time from when the camera sent the picture to the arrival of its last byte.`
}

async function watch (simulator: Simulator, start: Start, withFar: boolean) {
  const sent: Array<{ frame: number, at: number }> = []
  const forget = simulator.onPicture(CAMERA.id, (frame, at) => sent.push({ frame, at }))
  const link = new SlowLink(MBITS)
  const peer = await start({ url: simulator.url(CAMERA.id), quality: QUALITY, host: link.host, viewers: 3 })
  const [near, far] = [new Arrivals(), new Arrivals()]
  const [response] = await once(get(peer.url), 'response') as [IncomingMessage]
  response.on('data', near.take).on('error', () => {})
  while (near.count === 0) await wait(50)
  const viewer = withFar ? link.view(peer.url) : undefined
  viewer?.stdout!.on('data', far.take)
  await wait(WARM_UP_MS)
  const from = performance.now()
  await wait(SECONDS * 1_000)
  response.destroy()
  if (viewer) {
    viewer.kill()
    await once(viewer, 'exit')
  }
  await peer.stop()
  link.close()
  forget()
  const cells = (arrivals: Arrivals) => {
    const ages = arrivals.ages(sent, from)
    return [(ages.length / SECONDS).toFixed(1), quantile(ages, 0.5).toFixed(0), Math.max(...ages).toFixed(0)]
  }
  return { near: cells(near), far: withFar ? cells(far) : undefined }
}
