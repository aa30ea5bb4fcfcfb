import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { Gateway } from '../gateway.js'
import { childrenOf } from '../processes.js'
import { quantile } from '../table.js'
import { clockOf, type LiveBrowser } from './browser.js'

const ROUNDS = 5
/** All that Chromium opens to one host. */
const CONNECTIONS = 6
const TIMEOUT_MS = 20_000
const POLL_MS = 2
/** camgate needs ffmpeg for the first of them only. */
const CAMERAS = [{ id: '1', name: 'Yard', width: 640, height: 360, fps: 15 }, { id: '2', name: 'Gate', codec: 'mjpeg', width: 640, height: 360, fps: 15 }] as const

/** The time from when a camera's process is gone to "Stopped" on camgate's page in another tab, with all connections of the browser taken. */
export async function stop (browser: LiveBrowser): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: CAMERAS })
  const gateway = await Gateway.start(JSON.stringify({ cameras: { 1: { source: simulator.url('1'), ingest: 'ffmpeg' }, 2: { source: simulator.url('2') } } }))
  await gateway.running(2)
  const [here, there] = await browser.twoTabs()
  for (const page of [here, there]) {
    await page.goto(gateway.url)
    await says(page, 'Running')
  }
  await here.evaluate(`for (let i = 0; i < ${CONNECTIONS}; i++) document.body.append(Object.assign(new Image(), { src: 'camera/2?n=' + i }))`)
  await taken(gateway)
  const clock = await clockOf(there)
  const [afterClick, afterGone]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    const [pid, ...others] = childrenOf(gateway.pid)
    if (pid === undefined || others.length > 0) throw new Error('camgate has not just the one process that reads the camera')
    await there.evaluate(`void (window.stoppedAt = new Promise(resolve => {
      const look = () => tile().querySelector('.state').textContent === 'Stopped' ? resolve(performance.now()) : setTimeout(look, ${POLL_MS})
      const tile = () => document.querySelector('.tile[data-id="1"]')
      look()
    }))`)
    const gone = ending(pid)
    const clicked = performance.now()
    await press(here, 'Stop')
    const [goneAt, stoppedAt] = await Promise.all([gone, there.evaluate<number>('stoppedAt')])
    afterClick.push(stoppedAt + clock - clicked)
    afterGone.push(stoppedAt + clock - goneAt)
    await press(here, 'Start')
    for (const page of [here, there]) await says(page, 'Running')
  }
  for (const page of [here, there]) await page.close()
  await gateway.stop()
  await simulator.close()
  const [gone, clicked] = [afterGone, afterClick].map(times => `${quantile(times, 0.5).toFixed(0)} ms (at most ${Math.max(...times).toFixed(0)})`)
  return `*Stop* pressed on camgate's page in one tab: "Stopped" in another tab ${gone} after the ffmpeg that reads the camera was gone, and ${clicked} after the press, while all ${CONNECTIONS} connections of the browser were taken by streams. ${ROUNDS} times.`
}

const tile = (page: Page) => page.locator('.tile[data-id="1"]')
const press = (page: Page, name: string) => tile(page).getByRole('button', { name, exact: true }).click({ timeout: TIMEOUT_MS })
const says = (page: Page, state: string) => tile(page).getByText(state, { exact: true }).waitFor({ timeout: TIMEOUT_MS })

/** Resolves when streams have all the connections that the page's own one leaves. */
async function taken (gateway: Gateway): Promise<void> {
  for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; await wait(50)) {
    if ((await gateway.status()).cameras[2]!.viewers >= CONNECTIONS - 1) return
  }
  throw new Error('the browser does not open all its connections')
}

/** Resolves when the process has ended, with the time. */
async function ending (pid: number): Promise<number> {
  for (;;) {
    try {
      if (/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return performance.now()
    } catch {
      return performance.now()
    }
    await wait(POLL_MS)
  }
}
