import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { CHROMIUM } from '../../test/e2e/browser.js'
import { Gateway } from '../gateway.js'
import { privateBytes } from '../processes.js'
import { SlowLink } from '../slow-link.js'
import { quantile, table } from '../table.js'
import { LiveBrowser } from './browser.js'

const MBITS = 2
const TILES = 4
const START_TIMEOUT_MS = 30_000
const SAMPLE_MS = 100
const HIDE_MS = 500
const SHOW_MS = 1_000
/** Of the measured time, for the first and the last mean. */
const END_SHARE = 0.25
/** Whether the link carries the pictures of all cameras, each camera's rate, and the time after which what does not fit has been replaced by something smaller. */
const WALLS = [{ name: 'all fit', bitsPerSecond: 300_000, settleMs: 4_000 }, { name: 'twice what fits', bitsPerSecond: 1_000_000, settleMs: 12_000 }] as const

/** How old pictures become on a page of four tiles at the far end of a slow link, and the memory of hiding and showing it for long. Needs Linux and root. */
export async function link (seconds: number, memorySeconds: number): Promise<string> {
  const link = new SlowLink(MBITS)
  let browser: LiveBrowser | undefined
  try {
    browser = await LiveBrowser.open(link.host, link.script(CHROMIUM))
    const rows: string[][] = []
    let memory = ''
    for (const { name, bitsPerSecond, settleMs } of WALLS) {
      const { page, close, pid } = await fourTiles(browser, link.host, bitsPerSecond)
      await wait(settleMs)
      rows.push([name, (TILES * bitsPerSecond / 1e6).toFixed(1), ...await ages(page, seconds)])
      if (name === 'all fit') memory = await hidingAndShowing(browser, page, pid, memorySeconds)
      await close()
    }
    return `${table(['4 tiles on a slow link', 'cameras, Mbit/s', 'as', 'pictures/s a tile', 'age ms p50', 'p95', 'oldest on a tile'], rows)}

\`<camgate-view>\` in Chromium at the far end of a link of ${MBITS} Mbit/s (\`tc tbf\`, burst 16 kB, latency 50 ms): H.264 of 640x360, 15 pictures a second, and the rendition \`thumb: { width: 320 }\`. The age is that of the picture on the screen,
looked at ${1_000 / SAMPLE_MS} times a second for ${seconds} s, beginning ${WALLS.map(({ settleMs }) => settleMs / 1_000).join(' and ')} s after the first pictures, with the time for which it is shown. ${memory}`
  } finally {
    await browser?.close()
    link.close()
  }
}

async function fourTiles (browser: LiveBrowser, host: string, bitsPerSecond: number) {
  const ids = Array.from({ length: TILES }, (_, i) => String(i))
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: ids.map(id => ({ id, name: `Camera ${id}`, width: 640, height: 360, fps: 15, bitsPerSecond })) })
  const cameras = Object.fromEntries(ids.map(id => [id, { source: simulator.url(id), renditions: { thumb: { width: 320 } } }]))
  const gateway = await Gateway.start(JSON.stringify({ server: { origins: browser.origins }, cameras }), { HOST: host })
  await gateway.running(TILES)
  const page = await browser.tab({ width: 1280, height: 720 })
  const tile = (id: string) => `<camgate-view camera="${id}" style="width: 640px; height: 360px"></camgate-view>`
  await browser.show(page, `<style>body { display: flex; flex-wrap: wrap }</style><script src="${gateway.url}view.js"></script>${ids.map(tile).join('')}`)
  await page.waitForFunction('[...document.querySelectorAll("camgate-view")].every(({ ageMs }) => ageMs !== undefined)', undefined, { timeout: START_TIMEOUT_MS })
  const close = async () => {
    await page.close()
    await gateway.stop()
    await simulator.close()
  }
  return { page, close, pid: gateway.pid }
}

async function ages (page: Page, seconds: number): Promise<string[]> {
  await page.evaluate(`window.sampled = { ages: [], rates: [] }; window.sampling = setInterval(() => {
    for (const { ageMs, fps } of document.querySelectorAll('camgate-view')) {
      sampled.ages.push(ageMs)
      sampled.rates.push(fps)
    }
  }, ${SAMPLE_MS})`)
  await wait(1_000 * seconds)
  const { ages, rates, as } = await page.evaluate<{ ages: number[], rates: number[], as: string[] }>('(clearInterval(sampling), { ...sampled, as: [...document.querySelectorAll(\'camgate-view\')].map(({ path, width, reason }) => (reason ? \'JPEG \' : path + \' \') + width) })')
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  return [[...new Set(as)].join(', '), mean.toFixed(1), ...[quantile(ages, 0.5), quantile(ages, 0.95), Math.max(...ages)].map(ms => ms.toFixed(0))]
}

async function hidingAndShowing (browser: LiveBrowser, page: Page, pid: number, seconds: number): Promise<string> {
  const sampled: Array<{ browser: number, camgate: number }> = []
  const setHidden = (hidden: boolean) => page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`)
  let times = 0
  let slowest = 0
  for (const end = performance.now() + 1_000 * seconds; performance.now() < end; times++) {
    await setHidden(true)
    await wait(HIDE_MS)
    slowest = Math.max(slowest, await page.evaluate<number>(BACK))
    await wait(SHOW_MS)
    sampled.push({ browser: await browser.bytes(), camgate: privateBytes(pid) })
  }
  const count = Math.max(1, Math.floor(sampled.length * END_SHARE))
  const mean = (of: 'browser' | 'camgate', some: typeof sampled) => (some.reduce((sum, one) => sum + one[of], 0) / some.length / 1e6).toFixed(0)
  const both = (of: 'browser' | 'camgate') => `${mean(of, sampled.slice(0, count))} MB in the first quarter of the time and ${mean(of, sampled.slice(-count))} MB in the last`
  return `The page that fits was then hidden and shown ${times} times in
${seconds} s: the browser's processes took ${both('browser')}, camgate ${both('camgate')} (private memory). All four tiles were live again ${slowest.toFixed(0)} ms after they were shown, or sooner.`
}

/** Shows the page. Resolves with the milliseconds until all tiles have painted a picture that came since. */
const BACK = `new Promise(resolve => {
  const began = performance.now()
  const views = [...document.querySelectorAll('camgate-view')]
  Object.defineProperty(document, 'hidden', { value: false, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
  const look = () => views.every(({ ageMs }) => ageMs < performance.now() - began) || performance.now() - began > 10_000 ? resolve(performance.now() - began) : setTimeout(look, 10)
  look()
})`
