import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { Gateway } from './gateway.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 20)
const ms = (value: number) => value.toFixed(1)

/** The age of the picture at a viewer of camgate, beside that of the same ffmpeg's stdout, both reading one camera at one time. */
export async function latency (): Promise<string> {
  const rows: string[][] = []
  for (const [codec, fps] of [['h264', 20], ['h264', 5], ['mjpeg', 20]] as const) {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec, fps }] })
    const sent: Array<{ frame: number, at: number }> = []
    simulator.onPicture('1', (frame, at) => sent.push({ frame, at }))
    const url = simulator.url('1')
    const [bare, viewer] = [new Arrivals(), new Arrivals()]
    const gateway = await Gateway.start(`cameras: { 1: { source: "${url}" } }`)
    const response = await gateway.view('1', viewer.take)
    const ffmpeg = await bareFfmpeg(url, 'pipe:1', bare.take)
    while (viewer.count === 0 || bare.count === 0) await wait(10)
    await wait(3_000)
    const from = performance.now()
    await wait(SECONDS * 1_000)
    response.destroy()
    await Promise.all([end(ffmpeg), gateway.stop(), simulator.close()])
    const ages = { 'bare ffmpeg': bare.ages(sent, from), camgate: viewer.ages(sent, from) }
    const median = quantile(ages['bare ffmpeg'], 0.5)
    for (const [who, values] of Object.entries(ages)) {
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => quantile(values, share)) as [number, number, number]
      rows.push([`${codec} ${fps} fps`, who, String(values.length), ms(p50), ms(p95), ms(p99), who === 'camgate' ? ms(p50 - median) : ''])
    }
  }
  return table(['camera', 'read by', 'pictures', 'p50 ms', 'p95 ms', 'p99 ms', 'p50 over bare'], rows)
}
