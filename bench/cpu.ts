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

/** CPU of camgate and its ffmpeg for one camera and one viewer, beside the same ffmpeg that writes to /dev/null, at one time. */
export async function cpu (): Promise<string> {
  const rows: string[][] = []
  for (const codec of ['h264', 'mjpeg'] as const) {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec }] })
    const gateway = await Gateway.start(`cameras: { 1: { source: "${simulator.url('1')}" } }`)
    const response = await gateway.view('1', () => {})
    const ffmpeg = await bareFfmpeg(simulator.url('1'), '/dev/null')
    await once(response, 'data')
    await wait(3_000)
    const rounds: Array<{ bare: number, camgate: number }> = []
    for (let round = 0; round < ROUNDS; round++) {
      const before = { bare: cpuSeconds(ffmpeg.pid!), camgate: cpuSeconds(gateway.pid) }
      await wait(SECONDS * 1_000)
      rounds.push({ bare: (cpuSeconds(ffmpeg.pid!) - before.bare) / SECONDS, camgate: (cpuSeconds(gateway.pid) - before.camgate) / SECONDS })
    }
    response.destroy()
    await Promise.all([end(ffmpeg), gateway.stop(), simulator.close()])
    const median = (of: (round: typeof rounds[number]) => number) => quantile(rounds.map(of), 0.5)
    rows.push([codec, percent(median(({ bare }) => bare)), percent(median(({ camgate }) => camgate)), median(({ bare, camgate }) => camgate / bare).toFixed(2)])
  }
  return table(['camera 960x544, 20 fps', 'bare ffmpeg', 'camgate, 1 viewer', 'ratio'], rows)
}
