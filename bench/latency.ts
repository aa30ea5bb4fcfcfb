import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { firstPictures } from './first-pictures.js'
import { Gateway, ingests } from './gateway.js'
import { Parts } from './parts.js'
import { Receiver } from './receiver.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 20)
const WARM_UP_MS = 3_000
const CODECS = ['h264', 'h265', 'mjpeg'] as const
const RATES = [20, 10, 5]
const CELLS = [...CODECS.flatMap(codec => RATES.map(fps => ({ codec, fps, viewers: 1 }))), { codec: 'h264', fps: 20, viewers: 50 } as const]
const spread = (values: readonly number[]) => [0.5, 0.95, 0.99].map(share => quantile(values, share).toFixed(1))

type Cell = typeof CELLS[number]

/** The age of the picture at camgate's viewer, with the camera read either way, and at the stdout of ffmpeg alone. */
export async function latency (): Promise<string> {
  const rows: string[][] = []
  for (const cell of CELLS) rows.push(...await ages(cell))
  return `${table(['camera', 'viewers', 'read by', 'age ms p50', 'p95', 'p99', 'own part ms p50', 'p95', 'p99'], rows)}

All readers of a camera read it at the same time. camgate is one process with the camera in it twice, once for each \`ingest\`, each with
this number of viewers. The own part is the time from the picture's last byte out of ffmpeg, or from the camera if its own JPEGs are passed on
(X-Timestamp), to its last byte at the viewer who joined last.

${await firstPictures()}`
}

async function ages ({ codec, fps, viewers }: Cell): Promise<string[][]> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec, fps }] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture('1', (frame, at) => sent.push({ frame, at }))
  const url = simulator.url('1')
  const gateway = await Gateway.start(`cameras: { ${ingests.map(ingest => `${ingest}: { source: "${url}", ingest: ${ingest} }`).join(', ')} }`)
  const bare = new Arrivals()
  const watched = await Promise.all(ingests.map(ingest => watch(gateway, ingest, viewers)))
  const ffmpeg = await bareFfmpeg({ url, ...codec === 'mjpeg' && { how: 'copied' }, onData: bare.take })
  while ([bare, ...watched.map(({ arrivals }) => arrivals)].some(({ count }) => count === 0)) await wait(10)
  await wait(WARM_UP_MS)
  const from = performance.now()
  await wait(SECONDS * 1_000)
  await Promise.all(watched.map(({ close }) => close()))
  await Promise.all([end(ffmpeg), gateway.stop(), simulator.close()])
  const camera = [`${codec} ${fps} fps`, String(viewers)]
  return [
    [...camera, 'bare ffmpeg', ...spread(bare.ages(sent, from))],
    ...watched.map(({ arrivals, parts, ingest }) => [...camera, `camgate, ${ingest}`, ...spread(arrivals.ages(sent, from)), ...spread(parts.delays(from))])
  ]
}

/** Opens this many viewers and returns the last. */
async function watch (gateway: Gateway, ingest: typeof ingests[number], viewers: number) {
  const [arrivals, parts] = [new Arrivals(), new Parts()]
  const others = viewers > 1 ? await Receiver.open(`${gateway.url}camera/${ingest}`, viewers - 1) : undefined
  const response = await gateway.view(ingest, chunk => {
    arrivals.take(chunk)
    parts.take(chunk)
  })
  const close = async () => {
    response.destroy()
    await others?.close()
  }
  return { ingest, arrivals, parts, close }
}
