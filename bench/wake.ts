import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { Gateway } from './gateway.js'
import { installed } from './rivals.js'
import { quantile, table } from './table.js'
import { wakeAll } from './wake-all.js'

const ROUNDS = Number(process.env.ROUNDS ?? 15)
const KEY_SECONDS = [1, 4, 10]
const WARM_UP_MS = 12_000

/** Requests come at these shares of the time between two key pictures: evenly spread, in no order. */
const phases = Array.from({ length: ROUNDS }, (_, i) => (i * 0.618) % 1)

/** Opens a stream. `close` ends it, and whatever was started for it. */
type Open = (round: number, onData: (chunk: Buffer) => void) => Promise<{ close (): Promise<unknown> }>

/** The time from the request to the first picture's last byte, and how old the picture then is by the camera's clock. */
export async function wake (): Promise<string> {
  const rows: string[][] = []
  for (const keySeconds of KEY_SECONDS) rows.push(...await firstPictures(keySeconds))
  return `${table(['key pictures every', 'first picture from', 'ms p50', 'p95', 'its age ms p50', 'max'], rows)}

H.264 of 960x544, 20 pictures and 2 Mbit a second. Nobody else watches the camera. ${ROUNDS} requests for each row, spread evenly over the time between two key pictures.
*Read* is what camgate does by default: it reads the camera and decodes nothing. *Always decoded* is \`decode: always\`, *on demand* \`onDemand: true\`.
*On demand* and bare ffmpeg connect to the camera for each request, and this one begins with a key picture when it has no other client. With a camera that does not, the wait for a key picture is added.

${await wakeAll()}`
}

async function firstPictures (keySeconds: number): Promise<string[][]> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', fps: 20, bitsPerSecond: 2_000_000, keySeconds, clipSeconds: keySeconds === 4 ? 12 : 10 }] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture('1', (frame, at) => sent.push({ frame, at }))
  const url = simulator.url('1')
  const entries = (name: string, keys: string) => phases.map((_, round) => `${name}${round}: { source: "${url}", ${keys} }`)
  const gateway = await Gateway.start(`cameras: { ${[...entries('read', 'onDemand: false'), ...entries('snapshot', 'onDemand: false'), ...entries('demand', 'onDemand: true'), ...entries('always', 'enabled: false, decode: always')].join(', ')} }`)
  await gateway.running(2 * ROUNDS)
  await wait(Math.max(WARM_UP_MS, 1_000 * keySeconds))
  const { go2rtc } = installed()
  const ways: Record<string, Open> = {
    'camgate, read': (round, onData) => view(gateway, `camera/read${round}?status=off`, `read${round}`, onData),
    'camgate, read: a snapshot': (round, onData) => view(gateway, `camera/snapshot${round}/snapshot`, `snapshot${round}`, onData),
    'camgate, always decoded': (round, onData) => view(gateway, `camera/always${round}?status=off`, `always${round}`, onData),
    'camgate, on demand': (round, onData) => view(gateway, `camera/demand${round}?status=off`, `demand${round}`, onData),
    'bare ffmpeg': async (_round, onData) => {
      const child = await bareFfmpeg({ url, onData })
      return { close: () => end(child) }
    },
    ...go2rtc && { go2rtc: await openGo2rtc(go2rtc, url) }
  }
  const rows: string[][] = []
  for (const [name, open] of Object.entries(ways)) {
    const times: number[] = []
    const ages: number[] = []
    for (const [round, phase] of phases.entries()) {
      if (name.includes('always')) await alwaysDecoded(gateway, round)
      await wait(1_000 * keySeconds * phase + 300)
      const { ms, age } = await first(round, open, sent)
      times.push(ms)
      ages.push(age)
    }
    rows.push([`${keySeconds} s`, name, ...[quantile(times, 0.5), quantile(times, 0.95), quantile(ages, 0.5), Math.max(...ages)].map(each => each.toFixed(0))])
  }
  await gateway.stop()
  await simulator.close()
  return rows
}

async function first (round: number, open: Open, sent: Array<{ frame: number, at: number }>) {
  const arrivals = new Arrivals()
  const asked = performance.now()
  let arrived!: () => void
  const picture = new Promise<void>(resolve => { arrived = resolve })
  const opened = await open(round, chunk => {
    arrivals.take(chunk)
    if (arrivals.count > 0) arrived()
  })
  await picture
  await opened.close()
  arrivals.pictures.length = 1
  return { ms: arrivals.pictures[0]!.at - asked, age: arrivals.ages(sent, 0)[0]! }
}

/** The camera is stopped afterwards, so that nothing lingers. */
async function view (gateway: Gateway, path: string, id: string, onData: (chunk: Buffer) => void) {
  const [response] = await once(get(`${gateway.url}${path}`), 'response') as [IncomingMessage]
  response.on('data', onData).on('error', () => {})
  return {
    async close () {
      response.destroy()
      await fetch(`${gateway.url}stop/${id}`, { method: 'POST' })
    }
  }
}

/** Starts a camera that is decoded although nobody watches, and waits for its pictures. */
async function alwaysDecoded (gateway: Gateway, round: number): Promise<void> {
  await fetch(`${gateway.url}start/always${round}`, { method: 'POST' })
  for (;;) {
    const { cameras } = await gateway.status()
    if (cameras[`always${round}`]!.framesTotal > 10) return
    await wait(50)
  }
}

/** go2rtc runs all the time, but has no camera open. */
async function openGo2rtc (start: NonNullable<ReturnType<typeof installed>['go2rtc']>, url: string): Promise<Open> {
  const peer = await start()({ url, quality: [5, 75] })
  return async (_round, onData) => {
    const [response] = await once(get(peer.url), 'response') as [IncomingMessage]
    response.on('data', onData).on('error', () => {})
    return { async close () { response.destroy() } }
  }
}
