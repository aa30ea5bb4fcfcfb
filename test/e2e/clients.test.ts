import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { readFrameNumber, strip, type GrayPicture } from '../../src/clips/strip.js'
import { noBrowser, openBrowser } from './browser.js'
import { readPnm } from './picture.js'
import { startService, type Service } from './service.js'
import { until } from './until.js'

const [WIDTH, HEIGHT] = [960, 544]
const PICTURES = 20
/** The simulator's clip, which repeats: 10 s at 20 pictures a second. */
const CLIP_PICTURES = 200
const CAMERAS = { 1: 'H.264', 2: 'MJPEG' } as const

const withCv2 = (python: string, hint: string) => ({
  python,
  skip: spawnSync(python, ['-c', 'import cv2']).status !== 0 && `NOT TESTED: ${hint}`
})
const OPENCVS = {
  'OpenCV from pip': withCv2(join(defaultCacheDir(), 'opencv/bin/python'), `there is no OpenCV in ${defaultCacheDir()}. Run node test/setup.mjs, which prints what it lacks.`),
  'OpenCV from Debian': withCv2('/usr/bin/python3', 'the system has no OpenCV. Install python3-opencv.')
}

let service: Service
const site = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(
  `<!doctype html><title>Django</title><img src="${stream('1')}"><img src="${stream('2')}" crossorigin="anonymous">`))
const siteUrl = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`
t.before(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => site.close())
  const config = t.testdir({
    'cameras.yaml': `cameras:
  1: { source: { type: simulated } }
  2: { source: { type: simulated, codec: mjpeg } }
  late: { enabled: false, source: { type: simulated, codec: mjpeg, fault: { kind: resize, after: 2, width: 640, height: 352 } } }`
  })
  service = await startService(t, { config: join(config, 'cameras.yaml'), env: { CAMGATE_ORIGINS: siteUrl() } })
  await service.until(({ cameras }) => Object.keys(CAMERAS).every(id => cameras[id]?.state === 'running'), 'both cameras run', 60_000)
})

const stream = (id: string) => `${service.url}camera/${id}`

for (const [id, codec] of Object.entries(CAMERAS)) {
  t.test(`of a camera that sends ${codec}`, async t => {
    t.test('ffmpeg decodes the stream with -f mpjpeg', async t => {
      t.same(faultsOf(await decode(findFfmpeg()!, '-v', 'error', '-f', 'mpjpeg', '-i', stream(id), ...PGM)), [])
    })
    t.test('ffmpeg decodes the stream without -f', async t => {
      t.same(faultsOf(await decode(findFfmpeg()!, '-v', 'error', '-i', stream(id), ...PGM)), [])
    })
    for (const [name, { python, skip }] of Object.entries(OPENCVS)) {
      t.test(`${name} reads the stream`, { skip }, async t => {
        t.same(faultsOf(await watch(python, id)), [])
      })
    }
    t.test('viewers who have left are not counted', async t => {
      await t.resolves(service.until(({ cameras }) => cameras[id]?.viewers === 0, 'it has no viewer'))
    })
  })
}

for (const [name, { python, skip }] of Object.entries(OPENCVS)) {
  t.test(`${name}, opened before the camera's first picture, gets only the camera's pictures, and the new size after a change`, { skip }, async t => {
    const watching = watch(python, 'late', 5 * PICTURES)
    await service.until(({ cameras }) => cameras['late']?.watching.length === 1, 'it watches a camera that is stopped')
    await fetch(`${service.url}start/late`, { method: 'POST' })
    const pictures = await watching
    const sizes = pictures.map(({ width, height }) => `${width}x${height}`)
    t.same([...new Set(sizes)], [`${WIDTH}x${HEIGHT}`, '640x352'])
    t.ok(sizes.filter(size => size === '640x352').length > PICTURES)
    t.same(pictures.filter(picture => readFrameNumber(picture) === null).length, 0, 'all of them are whole')
    await fetch(`${service.url}stop/late`, { method: 'POST' })
    await service.until(({ cameras }) => cameras['late']?.viewers === 0, 'it has left')
  })
}

t.test('a browser', { skip: noBrowser }, async t => {
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const context = await browser.newContext()
  const open = async () => {
    const page = await context.newPage()
    await page.goto(`${siteUrl()}/`, { waitUntil: 'domcontentloaded' })
    return page
  }
  const tabs = [await open(), await open()]

  t.test('shows both cameras at their size in two tabs of another site', async t => {
    for (const page of tabs) {
      await t.resolves(until('both pictures are there', async () => {
        const sizes = await page.evaluate('Array.from(document.images, image => [image.naturalWidth, image.naturalHeight]).join()')
        return sizes === [WIDTH, HEIGHT, WIDTH, HEIGHT].join()
      }))
    }
    await t.resolves(service.until(({ cameras }) => Object.keys(CAMERAS).every(id => cameras[id]?.viewers === 2), 'each tab is a viewer'))
  })

  t.test('paints picture after picture in both', async t => {
    for (const page of tabs) await t.resolves(untilItMoves(page))
  })

  t.test('paints again after a camera was stopped and started, without a reload', async t => {
    const ask = (verb: string) => fetch(`${service.url}${verb}/2`, { method: 'POST' })
    t.match(await (await ask('stop')).json(), { state: 'stopped' })
    t.equal((await ask('start')).status, 200)
    await service.until(({ cameras }) => cameras['2']?.state === 'running', 'it runs again')
    for (const page of tabs) await t.resolves(untilItMoves(page))
  })

  t.test('is not a viewer any more after its tabs are closed', async t => {
    for (const page of tabs) await page.close()
    await t.resolves(service.until(({ cameras }) => Object.keys(CAMERAS).every(id => cameras[id]?.viewers === 0), 'it has no viewers'))
  })
})

/** Arguments that make ffmpeg write what `decode` reads. */
const PGM = ['-frames:v', String(PICTURES), '-f', 'image2pipe', '-c:v', 'pgm', '-pix_fmt', 'gray', 'pipe:1']

const watch = (python: string, id: string, count = PICTURES) => decode(python, join(packageRoot, 'test/e2e/opencv.py'), stream(id), String(count))

/** Returns the PGM pictures that a program writes to stdout. */
async function decode (program: string, ...args: string[]): Promise<GrayPicture[]> {
  const { stdout } = await promisify(execFile)(program, args, { encoding: 'buffer', maxBuffer: Infinity, timeout: 30_000, killSignal: 'SIGKILL' })
  return readPnm(stdout)
}

/** Everything that is wrong with consecutive pictures of the simulator. */
function faultsOf (pictures: GrayPicture[]): string[] {
  const numbers = pictures.map(picture => readFrameNumber(picture))
  const faults = pictures.map(({ width, height }, i) => {
    const [before, now] = [numbers[i - 1] ?? null, numbers[i] ?? null]
    if (width !== WIDTH || height !== HEIGHT) return `picture ${i} is ${width}x${height}`
    if (now === null) return `picture ${i} is damaged`
    const step = before === null ? 1 : (now - before + CLIP_PICTURES) % CLIP_PICTURES
    return step === 0 || step > CLIP_PICTURES / 2 ? `picture ${i} is number ${now}, after number ${before}` : ''
  })
  if (pictures.length !== PICTURES) faults.push(`there are ${pictures.length} pictures`)
  return faults.filter(Boolean)
}

/** Resolves once the tab's second picture has become another one. */
async function untilItMoves (page: Page): Promise<void> {
  const first = await numberIn(page)
  await until('the picture moves', async () => await numberIn(page) !== first)
}

/** The number in the picture that the tab shows. A canvas returns pixels only if CORS allows it. */
async function numberIn (page: Page): Promise<number> {
  const greens = await page.evaluate(`(() => {
    const image = document.images[1]
    const canvas = new OffscreenCanvas(${strip.blocks * strip.blockSize}, ${strip.blockSize}).getContext('2d')
    canvas.drawImage(image, 0, ${strip.blockSize} - image.naturalHeight)
    return Array.from(canvas.getImageData(0, 0, ${strip.blocks * strip.blockSize}, ${strip.blockSize}).data).filter((_, i) => i % 4 === 1)
  })()`) as number[]
  const number = readFrameNumber({ pixels: Uint8Array.from(greens), width: strip.blocks * strip.blockSize, height: strip.blockSize })
  if (number === null) throw new Error('the picture in the browser is not the simulator\'s')
  return number
}
