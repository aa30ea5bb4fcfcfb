import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { Gateway, ingests } from './gateway.js'
import { cpuSeconds } from './processes.js'
import { quantile, table } from './table.js'

const ROUNDS = 5
const SECONDS = Number(process.env.SECONDS ?? 10)
/** Long, because Node optimises code only after many pictures, and few arrive per second. */
const WARM_UP_MS = 40_000
const CAMERAS = { h264: 'H.264', h265: 'H.265', mjpeg: 'MJPEG, copied' } as const

type Reader = typeof ingests[number] | 'bare' | 'plain'
type Taken = Record<Reader, number>

/**
 * CPU of camgate and its ffmpeg for one camera and one viewer, read either way. At the same time run an ffmpeg that does the same and
 * writes to /dev/null, and an ffmpeg that is only told to encode JPEGs. All but the last copy a camera's MJPEG.
 */
export async function cpu (): Promise<string> {
  const rows: string[][] = []
  for (const codec of ['h264', 'h265', 'mjpeg'] as const) {
    const rounds = await measured(codec)
    const median = (of: (round: Taken) => number) => quantile(rounds.map(of), 0.5)
    const ratio = (one: Reader, other: Reader) => median(round => round[one] / round[other]).toFixed(2)
    rows.push([
      CAMERAS[codec],
      ...(['bare', ...ingests, 'plain'] as const).map(reader => `${(100 * median(round => round[reader]) / SECONDS).toFixed(1)} %`),
      ratio('direct', 'ffmpeg'), ratio('direct', 'bare'), ratio('direct', 'plain')
    ])
  }
  return `${table([
    'camera 960x544, 20 fps', 'bare ffmpeg', 'camgate, ffmpeg', 'camgate, direct', 'plain ffmpeg', 'direct / ffmpeg', 'direct / bare', 'direct / plain'
  ], rows)}

*Bare* ffmpeg runs with the arguments that camgate uses when ffmpeg reads the camera, *plain* ffmpeg with \`-c:v mjpeg -q:v 5 -r 20\`; both write to /dev/null. Ratios are medians over
${ROUNDS} rounds of ${SECONDS} s.`
}

/** CPU seconds of each, by round. */
async function measured (codec: keyof typeof CAMERAS): Promise<Taken[]> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec }] })
  const url = simulator.url('1')
  const watch = async (ingest: typeof ingests[number]) => {
    const gateway = await Gateway.start(`cameras: { 1: { source: "${url}", ingest: ${ingest} } }`)
    const response = await gateway.view('1', () => {})
    await once(response, 'data')
    return { gateway, response }
  }
  const [byFfmpeg, direct] = [await watch('ffmpeg'), await watch('direct')]
  const [bare, plain] = [await bareFfmpeg({ url, ...codec === 'mjpeg' && { how: 'copied' } }), await bareFfmpeg({ url, how: 'plain' })]
  await wait(WARM_UP_MS)
  const readers = Object.entries({ ffmpeg: byFfmpeg.gateway.pid, direct: direct.gateway.pid, bare: bare.pid!, plain: plain.pid! })
  const rounds: Taken[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = readers.map(([, pid]) => cpuSeconds(pid))
    await wait(SECONDS * 1_000)
    rounds.push(Object.fromEntries(readers.map(([name, pid], i) => [name, cpuSeconds(pid) - before[i]!])) as Taken)
  }
  for (const { gateway, response } of [byFfmpeg, direct]) {
    response.destroy()
    await gateway.stop()
  }
  await Promise.all([bare, plain].map(end))
  await simulator.close()
  return rounds
}
