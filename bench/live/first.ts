import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { Gateway } from '../gateway.js'
import { quantile, table } from '../table.js'
import { agesOf, clockOf, LAN, LiveBrowser, type Seen } from './browser.js'

const ROUNDS = 5
const KEY_SECONDS = 4
const TIMEOUT_MS = 20_000
/** A picture that is younger is live. The first ones may be those that the camera sent since its last key picture. */
const LIVE_MS = 500
const WATCH_MS = 1_500
const CAMERA = { id: '1', name: 'Clock', width: 960, height: 540, fps: 20, keySeconds: KEY_SECONDS, clipSeconds: 12 } as const
const WAYS = { WebCodecs: true, 'MSE, insecure origin': false } as const
const VIEW = 'document.querySelector("camgate-view")'

/** The time from when a page is opened to its first picture, while the camera is read and nobody watches it. */
export async function first (browser: LiveBrowser): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [CAMERA] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture(CAMERA.id, (frame, at) => sent.push({ frame, at }))
  const gateway = await Gateway.start(JSON.stringify({ server: { origins: browser.origins }, cameras: { 1: { source: simulator.url('1') } } }))
  await gateway.running(1)
  await wait(1_000 * KEY_SECONDS)
  const rows: string[][] = []
  for (const [name, isSecure] of Object.entries(WAYS)) {
    const camgate = isSecure ? gateway.url : gateway.url.replace('127.0.0.1', `cam${LAN}`)
    const content = `<script>window.seen = watch(() => ${VIEW})</script><script src="${camgate}view.js"></script><camgate-view camera="1" style="width: ${CAMERA.width}px"></camgate-view>`
    const times: number[] = []
    const live: number[] = []
    const oldest: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const page = await browser.tab()
      await wait(1_000 * KEY_SECONDS * ((round * 0.618) % 1))
      await browser.show(page, content, isSecure)
      await page.waitForFunction('seen.length > 0', undefined, { timeout: TIMEOUT_MS })
      await wait(WATCH_MS)
      const seen = await page.evaluate<Seen[]>('seen')
      const clock = await clockOf(page)
      await page.close()
      if (round === 0) continue // the browser has compiled nothing yet
      const ages = agesOf(seen.map(({ frame, at }) => ({ frame, at: at + clock })), sent)
      times.push(seen[0]!.at)
      oldest.push(Math.max(...ages))
      live.push(seen[ages.findIndex(age => age < LIVE_MS)]?.at ?? Infinity)
    }
    rows.push([name, ...[quantile(times, 0.5), Math.max(...times), quantile(live, 0.5), Math.max(...live), Math.max(...oldest)].map(ms => ms.toFixed(0))])
  }
  await gateway.stop()
  await simulator.close()
  return `${table(['shown by', 'first picture after ms p50', 'max', 'live after ms p50', 'max', 'oldest picture shown, ms'], rows)}

From when a new tab is sent to a page with one element until it shows a picture: with loading the page, view.js and the pictures since the last key picture, which comes every ${KEY_SECONDS} s. ${ROUNDS} pages for each row, spread over
the time between two key pictures. *Live* is the first picture that is less than ${LIVE_MS} ms old, and *oldest* that of the first ${WATCH_MS / 1_000} s. camgate reads the camera, and nobody else watches.`
}
