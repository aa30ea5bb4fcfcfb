import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { Gateway } from '../gateway.js'
import { ownCpuNanoseconds } from '../processes.js'
import { quantile, table } from '../table.js'
import { agesOf, clockOf, LAN, type LiveBrowser, type Seen, type SentPictures } from './browser.js'
import { controlDelays } from './server.js'

const WARM_UP_MS = 3_000
const START_TIMEOUT_MS = 60_000
/** Simulated cameras of each codec. Each is in camgate several times. */
const CAMERAS = 6
/** What a browser opens to one host for `<img>`. */
const CONNECTIONS = 6
const LOOK_MS = 250
const SCREEN = { width: 1920, height: 1080 }
const WALLS = [{ side: 6, width: 640, height: 360, fps: 15 }, { side: 3, width: 960, height: 544, fps: 20 }] as const
type WallSize = typeof WALLS[number]

/** In the page: looks at one tile after the other and notes what it sees there, and how old the elements say that their pictures are. */
const LOOK_AROUND = `{
  const tiles = [...document.querySelectorAll('.tile')]
  window.around = { looks: [{ tile: 0, from: performance.now(), to: 0, seen: [] }], ages: [] }
  setInterval(() => {
    const now = performance.now()
    const last = around.looks.at(-1)
    const frame = look(tiles[last.tile])
    if (frame !== null && frame !== last.seen.at(-1)?.frame) last.seen.push({ frame, at: now })
    last.to = now
    if (now - last.from < ${LOOK_MS}) return
    around.looks.push({ tile: (last.tile + 1) % tiles.length, from: now, to: now, seen: [] })
    for (const { ageMs } of tiles) if (ageMs !== undefined) around.ages.push(ageMs)
  }, 4)
}`

/** A look at one tile. The first picture was there already. */
interface Look { readonly tile: number, readonly from: number, readonly to: number, readonly seen: readonly Seen[] }
interface Around { readonly looks: readonly Look[], readonly ages: readonly number[] }

/** What walls of many tiles cost camgate and the browser, and how old their oldest pictures are, beside `<img>` tiles. */
export async function wall (browser: LiveBrowser, seconds: number): Promise<string> {
  const rows: string[][] = []
  for (const size of WALLS) rows.push(...await ofSize(browser, size, seconds))
  return `${table(['tiles', 'size', 'shown by', 'pictures/s a tile', 'CPU a tile: camgate', 'browser', 'browser, ms a picture', 'age ms p50', 'oldest on a tile', 'control ms p50', 'p95'], rows)}

Tiles fill a screen of ${SCREEN.width}x${SCREEN.height} in Chromium without a GPU, for ${seconds} s. \`<camgate-view>\` tiles show H.264 cameras on one socket; \`<img>\` tiles show cameras that send JPEGs, which camgate passes on, over ${CONNECTIONS} connections to each of several names.
CPU is that of camgate's process, less what reading the cameras takes while nobody watches, and that of all of Chromium's processes. *Age* is the time from when the camera sent a picture until a script sees its number in the tile; *oldest* is the longest that any
picture was shown, from when it was sent until the next one was there. *Control* is the time to the answer of \`POST /start/ID\`.`
}

async function ofSize (browser: LiveBrowser, { side, width, height, fps }: WallSize, seconds: number): Promise<string[][]> {
  const cameras = (['h264', 'mjpeg'] as const).flatMap(codec => Array.from({ length: CAMERAS }, (_, i) => ({ id: `${codec}${i}`, name: `Camera ${i}`, codec, width, height: codec === 'mjpeg' ? height - height % 8 : height, fps })))
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras })
  const sent = new Map(cameras.map(({ id }) => [id, [] as Array<{ frame: number, at: number }>]))
  for (const [id, pictures] of sent) simulator.onPicture(id, (frame, at) => pictures.push({ frame, at }))
  const tiles = Array.from({ length: side ** 2 }, (_, i) => i)
  const kinds = { 'camgate-view': 'h264', '<img>': 'mjpeg' } as const
  const rows: string[][] = []
  for (const [shownBy, codec] of Object.entries(kinds)) {
    const source = (i: number) => `${codec}${i % CAMERAS}`
    const gateway = await Gateway.start(JSON.stringify({ server: { origins: browser.origins }, defaults: { fps }, cameras: Object.fromEntries(tiles.map(i => [i, { source: simulator.url(source(i)) }])) }))
    await gateway.running(tiles.length)
    await wait(WARM_UP_MS)
    const cpuOfGateway = () => ownCpuNanoseconds(gateway.pid) / 1e9
    const unwatched = await shareOf(cpuOfGateway, () => wait(seconds * 1_000))
    const page = await browser.tab(SCREEN)
    const style = `style="width: ${SCREEN.width / side}px; height: ${SCREEN.height / side}px"`
    const tile = (i: number) => codec === 'h264'
      ? `<camgate-view class="tile" camera="${i}" ${style}></camgate-view>`
      : `<img class="tile" src="${gateway.url.replace('127.0.0.1', `cam${Math.floor(i / CONNECTIONS)}${LAN}`)}camera/${i}" ${style}>`
    await browser.show(page, `<style>body { display: flex; flex-wrap: wrap }</style><script src="${gateway.url}view.js"></script>${tiles.map(tile).join('')}`)
    await page.waitForFunction('[...document.querySelectorAll(".tile")].every(tile => look(tile) !== null)', undefined, { timeout: START_TIMEOUT_MS })
    await wait(WARM_UP_MS)
    const clock = await clockOf(page)
    await page.evaluate(LOOK_AROUND)
    let own = 0
    let delays: number[] = []
    const all = await shareOf(() => browser.cpuSeconds(), async () => {
      own = await shareOf(cpuOfGateway, async () => { delays = await controlDelays(gateway, AbortSignal.timeout(1_000 * seconds)) })
    })
    const { looks, ages } = await page.evaluate<Around>('around')
    await page.close()
    await gateway.stop()
    const seen = asSeen(looks, clock, tile => sent.get(source(tile))!)
    const each = (share: number) => `${(100 * share / tiles.length).toFixed(2)} %`
    rows.push([
      String(tiles.length), `${width}x${height}, ${fps} fps`, shownBy, seen.fps.toFixed(1), each(own - unwatched), each(all), (1_000 * all / tiles.length / seen.fps).toFixed(2),
      quantile(seen.ages, 0.5).toFixed(0), Math.max(seen.oldest, ...ages).toFixed(0), quantile(delays, 0.5).toFixed(1), quantile(delays, 0.95).toFixed(1)
    ])
  }
  await simulator.close()
  return rows
}

/** The share of a processor that is used while `act` runs. `used`: seconds so far. */
async function shareOf (used: () => number | Promise<number>, act: () => Promise<unknown>): Promise<number> {
  const [before, began] = [await used(), performance.now()]
  await act()
  return (await used() - before) / (performance.now() - began) * 1_000
}

function asSeen (looks: readonly Look[], clock: number, sentFor: (tile: number) => SentPictures): { fps: number, ages: number[], oldest: number } {
  const each = looks.filter(({ seen }) => seen.length > 0).map(({ tile, from, to, seen }) => {
    const ages = agesOf(seen.map(({ frame, at }) => ({ frame, at: at + clock })), sentFor(tile))
    const oldest = ages.map((age, i) => age + (seen[i + 1]?.at ?? to) - seen[i]!.at)
    return { ages: ages.slice(1), oldest: Math.max(...oldest), ms: to - from }
  })
  const ages = each.flatMap(({ ages }) => ages)
  return { fps: 1_000 * ages.length / each.reduce((sum, { ms }) => sum + ms, 0), ages, oldest: Math.max(...each.map(({ oldest }) => oldest)) }
}
