import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator, type Simulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { Gateway } from './gateway.js'
import { PartDelays } from './part-delays.js'
import { Receiver } from './receiver.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 20)
const WARM_UP = 3_000
const FIRST_FRAMES = 5
const CELLS = [['h264', 20, 1], ['h264', 20, 50], ['h264', 5, 1], ['h264', 5, 50], ['mjpeg', 20, 1]] as const
const ms = (value: number) => value.toFixed(1)
const spread = (values: readonly number[]) => [0.5, 0.95, 0.99].map(share => ms(quantile(values, share)))

/** The age of the picture at a viewer of camgate, beside that of the same ffmpeg's stdout, both reading one camera at one time. */
export async function latency (): Promise<string> {
  const rows: string[][] = []
  for (const [codec, fps, viewers] of CELLS) {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec, fps }] })
    const sent: Array<{ frame: number, at: number }> = []
    simulator.onPicture('1', (frame, at) => sent.push({ frame, at }))
    const url = simulator.url('1')
    const [bare, viewer, own] = [new Arrivals(), new Arrivals(), new PartDelays()]
    const gateway = await Gateway.start(`cameras: { 1: { source: "${url}" } }`)
    const others = viewers > 1 ? await Receiver.open(`${gateway.url}camera/1`, viewers - 1) : undefined
    const response = await gateway.view('1', chunk => {
      viewer.take(chunk)
      own.take(chunk)
    })
    const ffmpeg = await bareFfmpeg({ url, copies: codec === 'mjpeg', onData: bare.take })
    while (viewer.count === 0 || bare.count === 0) await wait(10)
    await wait(WARM_UP)
    const from = performance.now()
    await wait(SECONDS * 1_000)
    response.destroy()
    await others?.close()
    await Promise.all([end(ffmpeg), gateway.stop(), simulator.close()])
    const camera = [`${codec} ${fps} fps`, String(viewers)]
    rows.push([...camera, 'bare ffmpeg', ...spread(bare.ages(sent, from))])
    rows.push([...camera, 'camgate', ...spread(viewer.ages(sent, from)), ...spread(own.since(from))])
  }
  return `${table(['camera', 'viewers', 'read by', 'age ms p50', 'p95', 'p99', 'own part ms p50', 'p95', 'p99'], rows)}

The own part is from the picture's last byte out of ffmpeg (X-Timestamp) to its last byte at a viewer who came last.

${await firstFrames()}`
}

/** From the request, or the spawn, to the last byte of the first picture. */
async function firstFrames (): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock' }] })
  const url = simulator.url('1')
  const [cold, running, bare, off, told, toldAgain]: number[][] = [[], [], [], [], [], []]
  for (let round = 0; round < FIRST_FRAMES; round++) {
    const gateway = await Gateway.start(`cameras: { 1: { source: "${url}", onDemand: true }, off: { source: "rtsp://127.0.0.1:1/", enabled: false } }`)
    cold!.push((await firstOf(gateway)).picture)
    running!.push((await firstOf(gateway)).picture)
    const first = await firstOf(gateway, 'off')
    off!.push(first.bytes)
    told!.push(first.picture)
    toldAgain!.push((await firstOf(gateway, 'off')).picture)
    await gateway.stop()
    bare!.push(await firstOfBare(simulator))
  }
  await simulator.close()
  return table(['first picture of h264 20 fps', 'ms p50', 'ms max'], Object.entries({
    'bare ffmpeg': bare!,
    'camgate, cold': cold!,
    'camgate, camera runs': running!,
    'camgate, camera is off: first bytes': off!,
    'camgate, camera is off: the first status frame': told!,
    'camgate, camera is off: the status frame once it is drawn': toldAgain!
  }).map(([name, values]) => [name, ms(quantile(values, 0.5)), ms(Math.max(...values))]))
}

/** Milliseconds from the request to the answer's head and to the last byte of its first picture. */
async function firstOf ({ url }: Gateway, id = '1'): Promise<{ bytes: number, picture: number }> {
  const began = performance.now()
  const [response] = await once(get(`${url}camera/${id}`), 'response') as [IncomingMessage]
  const bytes = performance.now() - began
  const arrivals = new Arrivals()
  for await (const chunk of response as AsyncIterable<Buffer>) {
    arrivals.take(chunk)
    if (arrivals.count > 0) break // destroys the response
  }
  return { bytes, picture: performance.now() - began }
}

async function firstOfBare (simulator: Simulator): Promise<number> {
  const began = performance.now()
  const arrivals = new Arrivals()
  let child: Awaited<ReturnType<typeof bareFfmpeg>> | undefined
  const at = await new Promise<number>(resolve => {
    void bareFfmpeg({
      url: simulator.url('1'),
      onData (chunk) {
        arrivals.take(chunk)
        if (arrivals.count > 0) resolve(performance.now())
      }
    }).then(started => { child = started })
  })
  await end(child!)
  return at - began
}
