import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { Gateway } from '../gateway.js'
import { quantile, table } from '../table.js'
import { agesOf, clockOf, LAN, LiveBrowser, type Seen, type SentPictures } from './browser.js'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const KEY_SECONDS = 4
const TIMEOUT_MS = 20_000
const ASK_INTERVAL_MS = 100
/** A picture that is younger is live. The first ones may be those that the camera sent since its last key picture. */
const LIVE_MS = 500
const WATCH_MS = 1_500
const CAMERA = { id: '1', name: 'Clock', width: 960, height: 540, fps: 20, keySeconds: KEY_SECONDS, clipSeconds: 12 } as const
const WATCH = 'window.began = 0; window.seen = watch(() => document.querySelector("camgate-view"))'
/** Makes the page believe that its tab is in the background, or no longer. */
const setHidden = (hidden: boolean) => `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`
const AWAY_MS = 1_000

interface Way {
  readonly name: string
  /** A tab in which `open` then shows the camera. */
  readonly tab: () => Promise<Page>
  readonly open: (page: Page) => Promise<unknown>
}

/** The time from when a page is opened to its first picture, while the camera is read and nobody watches it. */
export async function first (browser: LiveBrowser): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [CAMERA] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture(CAMERA.id, (frame, at) => sent.push({ frame, at }))
  const gateway = await Gateway.start(JSON.stringify({ server: { origins: browser.origins }, cameras: { 1: { source: simulator.url('1') } } }))
  await gateway.running(1)
  await wait(1_000 * KEY_SECONDS)
  const rows: string[][] = []
  for (const way of waysTo(gateway.url, browser)) rows.push([way.name, ...await measured(way, sent)])
  await gateway.stop()
  await simulator.close()
  return `${table(['shown by', 'first picture after ms p50', 'max', 'live after ms p50', 'max', 'oldest picture shown, ms'], rows)}

From when a new tab is sent to a page until it shows a picture, or from when it is scrolled back or shown again: with loading the page, its scripts and the pictures since the last key picture, which comes every ${KEY_SECONDS} s. ${ROUNDS} pages for each row, spread over
the time between two key pictures. *Live* is the first picture that is less than ${LIVE_MS} ms old, and *oldest* that of the first ${WATCH_MS / 1_000} s. camgate reads the camera, and nobody else watches. The element is on a page of another site,
which has nothing else, and whose visitor was never there before.`
}

function waysTo (camgate: string, browser: LiveBrowser): Way[] {
  const element = (camgate: string) => `<script>${WATCH}</script><script src="${camgate}view.js"></script><camgate-view camera="1" style="width: ${CAMERA.width}px"></camgate-view><div style="height: 5000px"></div>`
  const openOwn = (page: Page) => page.goto(camgate, { waitUntil: 'commit' })
  const watching = async (page: Page) => {
    await page.addInitScript(WATCH)
    return page
  }
  const again = (away: string, back: string): Pick<Way, 'tab' | 'open'> => ({
    async tab () {
      const page = await browser.tab()
      await browser.show(page, element(camgate))
      await firstPicture(page)
      await page.evaluate(away)
      await wait(AWAY_MS)
      return page
    },
    open: page => page.evaluate(`seen.length = 0; began = performance.now(); ${back}`)
  })
  return [
    { name: '`<camgate-view>`, WebCodecs', tab: () => browser.tab(), open: page => browser.show(page, element(camgate)) },
    { name: '`<camgate-view>`, MSE, insecure origin', tab: () => browser.tab(), open: page => browser.show(page, element(camgate.replace('127.0.0.1', `cam${LAN}`)), false) },
    {
      name: 'camgate\'s page, visited before',
      async tab () {
        const page = await watching(await browser.tab())
        await openOwn(page)
        await firstPicture(page)
        await page.goto('about:blank')
        return page
      },
      open: openOwn
    },
    { name: 'camgate\'s page, first visit', tab: async () => watching(await browser.tab()), open: openOwn },
    { name: '`<camgate-view>`, scrolled back to', ...again('scrollTo(0, 4000)', 'scrollTo(0, 0)') },
    { name: '`<camgate-view>`, its tab shown again', ...again(setHidden(true), setHidden(false)) }
  ]
}

/** Asks from here: camgate's page lets no script be made of text, as `page.waitForFunction` does. */
async function firstPicture (page: Page): Promise<void> {
  for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; await wait(ASK_INTERVAL_MS)) if (await page.evaluate<boolean>('seen.length > 0')) return
  throw new Error('there is no picture')
}

/** The cells of a row. */
async function measured ({ tab, open }: Way, sent: SentPictures): Promise<string[]> {
  const times: number[] = []
  const live: number[] = []
  const oldest: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const page = await tab()
    await wait(1_000 * KEY_SECONDS * ((round * 0.618) % 1))
    await open(page)
    await firstPicture(page)
    await wait(WATCH_MS)
    const [seen, began] = await page.evaluate<[Seen[], number]>('[seen, began]')
    const clock = await clockOf(page)
    await page.close()
    if (round === 0) continue // the browser has compiled nothing yet
    const ages = agesOf(seen.map(({ frame, at }) => ({ frame, at: at + clock })), sent)
    times.push(seen[0]!.at - began)
    oldest.push(Math.max(...ages))
    live.push((seen[ages.findIndex(age => age < LIVE_MS)]?.at ?? Infinity) - began)
  }
  return [quantile(times, 0.5), Math.max(...times), quantile(live, 0.5), Math.max(...live), Math.max(...oldest)].map(ms => ms.toFixed(0))
}
