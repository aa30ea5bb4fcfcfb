import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view, type Viewer } from './viewer.js'

const ROUNDS = 5
const VIEWERS = { copied: 20, other: 20, decoded: 10 }

const small = { width: 256, height: 144, fps: 5 }
const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'mjpeg', name: 'M', codec: 'mjpeg' }, { ...small, id: 'h264', name: 'H' }]
})
t.teardown(() => simulator.close())
const [mjpeg, h264] = [simulator.url('mjpeg'), simulator.url('h264')]

type Cameras = Record<string, Record<string, unknown>>

/** Every kind of change, none of them of the cameras that are watched. `round` makes each one differ from the last. */
const kinds: Record<string, (cameras: Cameras, round: number) => Cameras> = {
  'a name': (all, round) => change(all, 'x', { name: `Gate ${round}`, maxViewers: 9 - round }),
  'the rate of copied pictures': (all, round) => change(all, 'x', { fps: 5 + round }),
  'the rate of decoded pictures': (all, round) => change(all, 'y', { fps: 5 + round }),
  'the quality': (all, round) => change(all, 'x', { quality: 9 + round }),
  'the size': (all, round) => change(all, 'y', { width: 64 + 16 * round }),
  'the rotation': (all, round) => change(all, 'x', { rotate: round % 2 * 180 }),
  'the overlay': (all, round) => change(all, 'y', { overlay: { clock: round % 2 === 0 } }),
  'the source': (all, round) => change(all, 'x', { source: round % 2 === 0 ? h264 : mjpeg }),
  'the credentials': (all, round) => change(all, 'x', { username: secret('guard'), password: secret(`word${round}`) }),
  'no credentials': all => change(all, 'x', { username: undefined, password: undefined }),
  'the renditions': (all, round) => change(all, 'x', { renditions: { [`r${round}`]: { width: 64 } } }),
  'the size of a rendition': (all, round) => change(all, 'y', { renditions: { thumb: { width: 32 + 16 * round } } }),
  'an added camera': all => ({ z: { source: mjpeg }, ...all }),
  'a disabled camera': all => change(all, 'z', { enabled: false }),
  'an enabled camera': all => change(all, 'z', { enabled: true }),
  'another order': all => Object.fromEntries(Object.entries(all).reverse()),
  'the transport': (all, round) => change(all, 'y', { transport: round % 2 === 0 ? 'tcp' : 'udp' }),
  'on demand or not': (all, round) => change(all, 'x', { onDemand: round % 2 === 0 }),
  'the substream': (all, round) => change(all, 'y', { substream: round % 2 === 0 ? `${h264}?sub` : undefined }),
  'a removed camera': ({ z, ...all }) => all
}

const change = (all: Cameras, id: string, keys: Record<string, unknown>): Cameras => ({ ...all, [id]: { ...all[id], ...keys } })

/** A service of which a test changes the cameras. */
async function serve (t: Test, cameras: Cameras) {
  const file = join(t.testdir({ 'cameras.yaml': JSON.stringify({ cameras }) }), 'cameras.yaml')
  const service = await startService(t, { config: file })
  const reload = async (cameras: Cameras) => {
    writeFileSync(`${file}.new`, JSON.stringify({ cameras }))
    renameSync(`${file}.new`, file)
    const answer = await fetch(new URL('config/reload', service.url), { method: 'POST' })
    if (answer.status !== 200) t.fail(await answer.text())
  }
  return { service, reload }
}

t.test(`${ROUNDS * Object.keys(kinds).length} reloads of every kind cost the viewers of other cameras no picture`, async t => {
  let cameras: Cameras = {
    copied: { source: mjpeg }, x: { source: mjpeg }, other: { source: mjpeg, name: 'Other' }, y: { source: h264 }, decoded: { source: h264, decode: 'always' }
  }
  const { service, reload } = await serve(t, cameras)
  await service.until(({ cameras }) => Object.values(cameras).every(({ state }) => state === 'running'), 'all cameras run')
  const watch = (id: string, count = 1) => Array.from({ length: count }, () => view(t, new URL(`camera/${id}`, service.url)))
  const witnesses = Object.entries(VIEWERS).flatMap(([id, count]) => watch(id, count))
  const affected = ['x', 'y'].flatMap(id => watch(id))
  await until('everybody sees pictures', () => [...witnesses, ...affected].every(({ live }) => live.length > 2))

  const removed: Viewer[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, apply] of Object.entries(kinds)) {
      if (kind === 'a removed camera') {
        removed.push(...watch('z'))
        await until('it is watched', () => removed.at(-1)!.parts.length > 0)
      }
      cameras = apply(cameras, round)
      await reload(cameras)
    }
    const { order, cameras: { x } } = await service.status()
    t.same([order, x!.name], [Object.keys(cameras), `Gate ${round}`], 'it is as the file says')
  }

  const newest = witnesses.map(({ last }) => last!.sequence)
  await until('all go on', () => witnesses.every(({ last }, i) => last!.sequence > newest[i]! + 5))
  t.same(witnesses.map(({ faults, skipped, parts, socket }) => ({ faults, skipped, statusFrames: parts.filter(({ state }) => state !== undefined).length, closed: socket.closed })),
    witnesses.map(() => ({ faults: [], skipped: 0, statusFrames: 0, closed: false })), 'no number is missing')
  const { cameras: now } = await service.status()
  t.match(Object.keys(VIEWERS).map(id => now[id]), Object.keys(VIEWERS).map(() => ({ state: 'running', restarts: 0, droppedTotal: 0 })))
  t.comment(`${witnesses.length} viewers have seen ${witnesses.reduce((sum, { parts }) => sum + parts.length, 0)} pictures, ${Math.min(...witnesses.map(({ parts }) => parts.length))} at least`)

  const before = affected.map(({ live }) => live.length)
  await until('those of the changed cameras see pictures', () => affected.every(({ live }, i) => live.length > before[i]!), 20_000)
  await until('those of the removed cameras have gone', () => removed.every(({ socket }) => socket.closed))
  t.same(removed.map(({ last }) => last!.state), removed.map(() => 'removed'))
  t.equal((await fetch(new URL('camera/z/snapshot', service.url))).status, 404)
  t.same((await service.end()).code, 0)
})

t.test('the page shows cameras that come, go, move and change, without being loaded again', { skip: noBrowser }, async t => {
  const { service, reload } = await serve(t, { entry: { source: mjpeg, name: 'Entrance' }, yard: { source: mjpeg, name: 'Yard' } })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
  await page.goto(`${service.url}#camera/yard`)
  await page.locator('#enlarged[open]').waitFor()
  await page.evaluate('window.isStillHere = true')
  const tiles = async () => await page.evaluate<string>("[...document.querySelectorAll('#cameras .tile')].map(tile => tile.dataset.id + ' ' + tile.querySelector('.name').textContent).join()")
  const shows = async (what: string) => {
    await until(`the page shows ${what}`, async () => await tiles() === what, 20_000)
    t.pass(what)
  }
  await shows('entry Entrance,yard Yard')
  await reload({ entry: { source: mjpeg, name: 'Entrance' }, lab: { source: mjpeg, name: 'Laboratory' } })
  await shows('entry Entrance,lab Laboratory')
  await page.locator('#enlarged[open]').waitFor({ state: 'detached' })
  await page.locator('.tile[data-id="lab"][data-picture="live"]').waitFor()
  await reload({ lab: { source: mjpeg, name: 'Laboratory' }, entry: { source: mjpeg, name: 'Gate' } })
  await shows('lab Laboratory,entry Gate')
  t.ok(await page.evaluate('window.isStillHere'))
})
