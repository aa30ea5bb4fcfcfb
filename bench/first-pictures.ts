import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../src/clock.js'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { addressOf } from '../src/ingest/address.js'
import { Session } from '../src/rtsp-client/session.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { bareFfmpeg, end } from './bare-ffmpeg.js'
import { Gateway, ingests } from './gateway.js'
import { Parts } from './parts.js'
import { quantile, table } from './table.js'

const ROUNDS = 5
const FPS = 20
const CAMERA = { id: '1', name: 'Clock', fps: FPS }

/** The time to the last byte of the first picture, from a camera that starts with a key picture and from one between two of them. */
export async function firstPictures (): Promise<string> {
  return `${await sinceAsked()}

Measured from the request or the spawn. Nobody else watches the camera, which begins with a key picture.

${await sinceKey()}

Measured from when the camera sends its next key picture; it sends one a second. Somebody else watches the camera, and the request
was sent 0.3 to 0.7 s before.`
}

async function sinceAsked (): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [CAMERA] })
  const url = simulator.url('1')
  const times = new Times()
  const measure = async (name: string, first: () => Promise<number>) => {
    const began = performance.now()
    times.add(name, await first() - began)
  }
  for (let round = 0; round < ROUNDS; round++) {
    await measure('bare ffmpeg', () => firstOfBare(url))
    for (const ingest of ingests) {
      const gateway = await gatewayTo(url, ingest)
      await measure(`camgate, ${ingest}, cold`, async () => (await firstOf(gateway)).at)
      await measure(`camgate, ${ingest}, camera runs`, async () => (await firstOf(gateway)).at)
      await gateway.stop()
    }
    const gateway = await Gateway.start('cameras: { 1: { source: "rtsp://127.0.0.1:1/", enabled: false } }')
    await (await fetch(new URL('health/live', gateway.url))).text() // any first answer of a process takes 20 ms
    const began = performance.now()
    const { bytesAt, at } = await firstOf(gateway, 'status frame')
    times.add('camgate, camera is off: first bytes', bytesAt - began)
    times.add('camgate, camera is off: the first status frame', at - began)
    await measure('camgate, camera is off: the status frame once it is drawn', async () => (await firstOf(gateway, 'status frame')).at)
    await gateway.stop()
  }
  await simulator.close()
  return times.table(`first picture of h264 ${FPS} fps`)
}

async function sinceKey (): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...CAMERA, quirks: ['no-key-first'] }] })
  const url = simulator.url('1')
  const nextKey = () => new Promise<number>(resolve => {
    const forget = simulator.onPicture('1', (frame, at) => {
      if (frame % FPS !== 0) return
      forget()
      resolve(at)
    })
  })
  const leave = watch(url)
  const times = new Times()
  const measure = async (name: string, round: number, first: () => Promise<number>) => {
    await nextKey()
    await wait(300 + 400 * round / (ROUNDS - 1))
    const [key, at] = await Promise.all([nextKey(), first()])
    times.add(name, at - key)
  }
  for (let round = 0; round < ROUNDS; round++) {
    await measure('bare ffmpeg', round, () => firstOfBare(url))
    for (const ingest of ingests) {
      const gateway = await gatewayTo(url, ingest)
      await measure(`camgate, ${ingest}, cold`, round, async () => (await firstOf(gateway)).at)
      await gateway.stop()
    }
  }
  await leave()
  await simulator.close()
  return times.table('first picture after the next key picture')
}

/** Milliseconds by name. */
class Times {
  readonly #all = new Map<string, number[]>()

  add (name: string, time: number): void {
    this.#all.set(name, [...this.#all.get(name) ?? [], time])
  }

  table (title: string): string {
    return table([title, 'ms p50', 'ms max'], [...this.#all].map(([name, times]) => [name, ...[quantile(times, 0.5), Math.max(...times)].map(time => time.toFixed(1))]))
  }
}

/** Opens another viewer. Returns a function that closes it. */
function watch (url: string): () => Promise<void> {
  let session: Session
  const ended = new Promise<unknown>(resolve => {
    session = new Session({ address: addressOf(url, false)!, transport: 'tcp', clock: systemClock }, { onTrack () {}, onPicture () {}, onEnd: resolve })
  })
  return async () => {
    session.stop()
    await ended
  }
}

const gatewayTo = (url: string, ingest: string) => Gateway.start(`cameras: { 1: { source: "${url}", ingest: ${ingest}, onDemand: true } }`)

/** When the response's headers arrived, and when the last byte of the first picture of that kind. */
async function firstOf ({ url }: Gateway, kind: 'picture' | 'status frame' = 'picture'): Promise<{ bytesAt: number, at: number }> {
  const [response] = await once(get(`${url}camera/1`), 'response') as [IncomingMessage]
  const bytesAt = performance.now()
  const parts = new Parts()
  for await (const chunk of response as AsyncIterable<Buffer>) {
    parts.take(chunk)
    const at = parts.first(kind)
    if (at !== undefined) return { bytesAt, at } // destroys the response
  }
  throw new Error(`the stream ended without a ${kind}`)
}

/** When the last byte of its first picture arrived. */
async function firstOfBare (url: string): Promise<number> {
  const arrivals = new Arrivals()
  let child: ReturnType<typeof bareFfmpeg>
  const at = await new Promise<number>(resolve => {
    child = bareFfmpeg({
      url,
      onData (chunk) {
        arrivals.take(chunk)
        if (arrivals.count > 0) resolve(performance.now())
      }
    })
  })
  await end(await child!)
  return at
}
