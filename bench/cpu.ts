import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { cpuSeconds, Gateway } from './gateway.js'
import { quantile, table } from './table.js'

const ROUNDS = 5
const SECONDS = Number(process.env.SECONDS ?? 10)
const percent = (value: number) => `${(100 * value).toFixed(1)} %`

/**
 * CPU of camgate and its ffmpeg for one camera and one viewer, beside an ffmpeg that does the same and writes to /dev/null, at one
 * time. A camera's MJPEG is copied; beside it, what encoding it anew would take.
 */
export async function cpu (): Promise<string> {
  const rows: string[][] = []
  for (const codec of ['h264', 'mjpeg'] as const) {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec }] })
    const url = simulator.url('1')
    const gateway = await Gateway.start(`cameras: { 1: { source: "${url}" } }`)
    const response = await gateway.view('1', () => {})
    const encoding = await bareFfmpeg({ url })
    const bare = codec === 'mjpeg' ? await bareFfmpeg({ url, copies: true }) : encoding
    await once(response, 'data')
    await wait(3_000)
    const look = () => ({ encoding: cpuSeconds(encoding.pid!), bare: cpuSeconds(bare.pid!), camgate: cpuSeconds(gateway.pid) })
    const rounds: Array<ReturnType<typeof look>> = []
    for (let round = 0; round < ROUNDS; round++) {
      const before = look()
      await wait(SECONDS * 1_000)
      const after = look()
      rounds.push({ encoding: after.encoding - before.encoding, bare: after.bare - before.bare, camgate: after.camgate - before.camgate })
    }
    response.destroy()
    await Promise.all([...new Set([encoding, bare])].map(end))
    await gateway.stop()
    await simulator.close()
    const median = (of: (round: typeof rounds[number]) => number) => quantile(rounds.map(of), 0.5)
    rows.push([
      codec === 'mjpeg' ? 'MJPEG, copied' : 'H.264',
      ...[median(({ bare }) => bare), median(({ camgate }) => camgate), median(({ encoding }) => encoding)].map(cpu => percent(cpu / SECONDS)),
      median(({ bare, camgate }) => camgate / bare).toFixed(2), median(({ encoding, camgate }) => camgate / encoding).toFixed(2)
    ])
  }
  return table(['camera 960x544, 20 fps', 'bare ffmpeg', 'camgate, 1 viewer', 'ffmpeg that encodes', 'camgate / bare', 'camgate / encoding'], rows)
}
