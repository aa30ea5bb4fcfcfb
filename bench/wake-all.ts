import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { Gateway } from './gateway.js'
import { quantile } from './table.js'

const CAMERAS = 64
const WATCH_MS = 20_000
const POLL_MS = 200

/** What happens when a whole fleet that is read and not decoded gets a viewer for each camera within a second: more than this machine decodes. */
export async function wakeAll (): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', fps: 20, bitsPerSecond: 2_000_000 }] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture('1', (frame, at) => sent.push({ frame, at }))
  const ids = Array.from({ length: CAMERAS }, (_, i) => `c${i}`)
  const gateway = await Gateway.start(`cameras: { ${ids.map(id => `${id}: { source: "${simulator.url('1')}" }`).join(', ')} }`)
  await gateway.running(CAMERAS)
  const began = performance.now()
  const viewers = await Promise.all(ids.map(async (id, i) => {
    await wait(1_000 * i / CAMERAS)
    const arrivals = new Arrivals()
    return { arrivals, response: await gateway.view(`${id}?status=off`, arrivals.take) }
  }))
  const settled = await settling(gateway, began)
  await wait(Math.max(0, began + WATCH_MS - performance.now()))
  for (const { response } of viewers) response.destroy()
  await gateway.stop()
  await simulator.close()
  const ages = viewers.flatMap(({ arrivals }) => arrivals.ages(sent, began))
  const firsts = viewers.flatMap(({ arrivals: { pictures: [first] } }) => first ? [first.at - began] : [])
  return `A viewer for each of ${CAMERAS} such cameras within one second: ${firsts.length} saw a picture, the last one after ${(Math.max(...firsts) / 1_000).toFixed(1)} s. Within ${(settled.ms / 1_000).toFixed(1)} s every camera was decoded in full
(${settled.running}) or said \`overloaded\` (${settled.overloaded})${settled.neither > 0 ? `, except for ${settled.neither}` : ''}. Of ${ages.length} pictures in ${WATCH_MS / 1_000} s, half were at most ${quantile(ages, 0.5).toFixed(0)} ms old when they arrived, 99 % at most ${quantile(ages, 0.99).toFixed(0)} ms, and all ${Math.max(...ages).toFixed(0)} ms.`
}

/** Resolves when every camera's decoder runs or says that it is overloaded, or after 20 s. */
async function settling (gateway: Gateway, began: number) {
  for (;;) {
    const decoders = Object.values((await gateway.status()).cameras).map(({ decoder }) => decoder)
    const overloaded = decoders.filter(decoder => decoder?.overloaded).length
    const running = decoders.filter(decoder => decoder?.state === 'running' && !decoder.overloaded).length
    const neither = CAMERAS - overloaded - running
    const ms = performance.now() - began
    if (neither === 0 || ms > WATCH_MS) return { ms, running, overloaded, neither }
    await wait(POLL_MS)
  }
}
