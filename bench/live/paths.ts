import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { Gateway } from '../gateway.js'
import { installed } from '../rivals.js'
import { quantile, table } from '../table.js'
import { agesOf, clockOf, LAN, LiveBrowser, type Seen } from './browser.js'

const WARM_UP_MS = 3_000
const START_TIMEOUT_MS = 20_000
const CAMERA = { id: '1', name: 'Clock', width: 960, height: 540, fps: 20 } as const

/** Before a page makes its worker: notes what the engine says about the pictures that it has painted. */
const OVERHEAR = `{
  window.drawn = []
  window.Worker = class extends Worker {
    constructor (...args) {
      super(...args)
      this.addEventListener('message', ({ data }) => { if (data.op === 'painted') drawn.push(...data.pictures.map(({ ageMs }) => ageMs)) })
    }
  }
}`

interface Way {
  readonly name: string
  readonly path?: string
  readonly isSecure?: boolean
}
const WAYS: readonly Way[] = [
  { name: 'WebCodecs' },
  { name: 'MSE, insecure origin', isSecure: false },
  { name: 'JPEG by the socket', path: 'jpeg' },
  { name: '<img>', path: 'img' }
]

/** How old pictures are when they are on the page, by each path, and by go2rtc's own page. */
export async function paths (browser: LiveBrowser, seconds: number): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [CAMERA] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture(CAMERA.id, (frame, at) => sent.push({ frame, at }))
  const gateway = await Gateway.start(JSON.stringify({ server: { origins: browser.origins }, cameras: { 1: { source: simulator.url('1') } } }))
  await gateway.running(1)
  const { go2rtc } = installed()
  const rows: string[][] = []
  const measure = async (name: string, open: (page: Page) => Promise<void>, find: string) => {
    const page = await browser.tab()
    await open(page)
    await page.waitForFunction(`look(${find}) !== null`, undefined, { timeout: START_TIMEOUT_MS })
    await wait(WARM_UP_MS)
    const clock = await clockOf(page)
    await page.evaluate(`window.seen = watch(() => ${find}); window.drawn?.splice(0)`)
    await wait(seconds * 1_000)
    const { seen, drawn, path } = await page.evaluate<{ seen: Seen[], drawn: number[], path: string }>(`({ seen, drawn: window.drawn ?? [], path: ${find}.path ?? '' })`)
    await page.close()
    const ages = agesOf(seen.slice(1).map(({ frame, at }) => ({ frame, at: at + clock })), sent)
    const cells = (values: readonly number[]) => values.length > 0 ? [quantile(values, 0.5).toFixed(1), quantile(values, 0.95).toFixed(1)] : ['', '']
    rows.push([name, path, (ages.length / seconds).toFixed(1), ...cells(drawn), ...cells(ages)])
  }
  for (const { name, path = 'auto', isSecure = true } of WAYS) {
    const camgate = isSecure ? gateway.url : gateway.url.replace('127.0.0.1', `cam${LAN}`)
    const content = `<script src="${camgate}view.js"></script><camgate-view camera="1" path="${path}" style="width: ${CAMERA.width}px"></camgate-view>`
    await measure(name, async page => {
      await page.addInitScript(OVERHEAR)
      await browser.show(page, content, isSecure)
    }, 'document.querySelector("camgate-view")')
  }
  await gateway.stop()
  if (go2rtc) {
    const peer = await go2rtc(url => [url])({ url: simulator.url('1'), quality: [5, 80] })
    await measure('go2rtc, its page', async page => { await page.goto(new URL('/stream.html?src=1&mode=mse', peer.url).href, { waitUntil: 'commit' }) }, 'document.querySelector("video")')
    await peer.stop()
  }
  await simulator.close()
  return `${table(['shown by', 'path', 'fps', 'painted: age ms p50', 'p95', 'on the page: age ms p50', 'p95'], rows)}

One H.264 camera of ${CAMERA.width}x${CAMERA.height}, ${CAMERA.fps} pictures a second, shown in full size by Chromium without a GPU for ${seconds} s, in one way after the other. *Painted* is the time from when camgate has the
whole picture until it is drawn on the canvas, or in the \`<video>\`, as the element counts it. *On the page* is the time from when the camera has sent it until the page's script sees the number
in the picture, which it looks for every 4 ms: with the camera's way to camgate, and the wait for the browser's next refresh (60 a second). JPEGs are encoded by camgate's ffmpeg first.`
}
