import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { readFrameNumber, strip } from '../../src/clips/strip.js'
import { packageRoot } from '../../src/package.js'
import { noBrowser, openBrowser } from './browser.js'
import { noFirefox, openFirefox } from './firefox.js'
import { freePort } from './free-port.js'
import { listenOnLoopback } from './loopback-server.js'
import { startService } from './service.js'
import { until } from './until.js'

const { blocks, blockSize } = strip
const [WIDTH, HEIGHT] = [blocks * blockSize, blockSize]
/** In a page: what the first element shows of the strip with the picture's number. */
const READ_STRIP = `(() => {
  const view = document.querySelector('camgate-view')
  const shown = view?.shadowRoot.querySelector('.picture.front')
  if (!shown) return null
  const canvas = new OffscreenCanvas(${WIDTH}, ${HEIGHT})
  const context = canvas.getContext('2d')
  context.drawImage(shown, 0, view.height - ${HEIGHT}, ${WIDTH}, ${HEIGHT}, 0, 0, ${WIDTH}, ${HEIGHT})
  return [...context.getImageData(0, 0, ${WIDTH}, ${HEIGHT}).data].filter((_, i) => i % 4 === 1)
})()`
const numberIn = (greens: unknown) => Array.isArray(greens) ? readFrameNumber({ pixels: Uint8Array.from(greens), width: WIDTH, height: HEIGHT }) : null
const first = (property: string) => `document.querySelector('camgate-view')?.${property}`
const PICTURE = first('shadowRoot.querySelector(".frame").dataset.picture')

/** What docs/embed.md asks pages with a strict policy to allow. */
const POLICY = /```text\n(script-src .*)\n```/.exec(readFileSync(join(packageRoot, 'docs/embed.md'), 'utf8'))![1]!

/** camgate, and a page of another site that has two elements and the strictest of policies. */
async function embed (t: Test) {
  const port = await freePort()
  const camgate = `127.0.0.1:${port}`
  const server = createServer(({ url = '' }, response) => {
    const policy = (url === '/without-workers' ? POLICY.replace(/worker-src .*?;/, '') : POLICY).replaceAll('//camgate.example', `//${camgate}`).replaceAll('https:', 'http:').replaceAll('wss:', 'ws:')
    response.setHeader('Content-Type', 'text/html').setHeader('Content-Security-Policy', `default-src 'none'; ${policy}; require-trusted-types-for 'script'`)
    response.end(`<!doctype html><script src="http://${camgate}/view.js"></script>${'<camgate-view camera="1"></camgate-view>'.repeat(2)}`)
  })
  const site = `http://localhost:${await listenOnLoopback(t, server, 'localhost')}` // another site for browsers than 127.0.0.1
  const config = join(t.testdir({ 'cameras.yaml': JSON.stringify({ server: { origins: [site] }, cameras: { 1: { source: { type: 'simulated' } } } }) }), 'cameras.yaml')
  const start = async () => await startService(t, { config, args: ['--port', String(port)] })
  return { site, start, service: await start() }
}

async function openPage (t: Test, browser: Browser, url: string) {
  const page = await browser.newPage()
  t.teardown(() => page.close())
  page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
  await page.addInitScript(`{
    const decoders = window.decoders = []
    window.VideoDecoder = class extends VideoDecoder { constructor (init) { super(init); decoders.push({ decoder: this, init }) } }
  }`)
  const sockets: string[] = []
  page.on('websocket', socket => sockets.push(socket.url()))
  await page.goto(url)
  return { page, sockets }
}

const becomes = (page: Page, expression: string, wanted: unknown) => until(`${expression} is ${String(wanted)}`, async () => await page.evaluate(expression) === wanted, 20_000)
const isLive = (page: Page) => becomes(page, PICTURE, 'live')
const setHidden = (page: Page, hidden: boolean) => page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`)

async function numbersRise (page: Page) {
  const numbers: number[] = []
  await until('five pictures with rising numbers have been painted', async () => {
    const number = numberIn(await page.evaluate(READ_STRIP))
    if (number !== null && number !== numbers.at(-1)) numbers.push(number)
    return numbers.length >= 5 && numbers.at(-1)! > numbers.at(-5)!
  }, 20_000)
}

t.test('<camgate-view> in Chromium', { timeout: 170_000, skip: noBrowser }, async t => {
  const { site, start, service } = await embed(t)
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const viewers = async (count: number) => await service.until(({ cameras }) => cameras['1']!.viewers === count, `${count} viewers`)

  t.test('paints the camera\'s own video, while somebody can see it', async t => {
    const { page } = await openPage(t, browser, site)
    await isLive(page)
    await numbersRise(page)
    t.equal(page.workers().length, 1, 'one worker for both elements')
    t.same(await page.evaluate(`[${first('path')}, ${first('state')}, ${first('reason')}, ${first('width')}, ${first('height')}]`), ['webcodecs', 'running', '', 960, 544])
    await until('the rate is known', async () => Number(await page.evaluate(first('fps'))) > 5)
    t.ok(Number(await page.evaluate(first('ageMs'))) < 3_000)
    t.same(await page.evaluate(`${first('snapshot()')}.then(createImageBitmap).then(({ width, height }) => [width, height])`), [960, 544])
    await viewers(2)
    await setHidden(page, true)
    await viewers(0)
    await setHidden(page, false)
    await viewers(2)
    await numbersRise(page)
  })

  t.test('shows in words and grey that the camera is stopped, and that it is back', async t => {
    const { page } = await openPage(t, browser, site)
    await isLive(page)
    t.equal(await page.evaluate(first('command("stop")')), 'stopped')
    await becomes(page, first('shadowRoot.querySelector("[role=status]").textContent'), 'Stopped.')
    t.same(await page.evaluate(`[${first('state')}, ${PICTURE}]`), ['stopped', 'old'])
    await page.evaluate(first('command("start")'))
    await isLive(page)
  })

  t.test('needs no worker, has one socket, and comes back when its decoder is taken or camgate was away', async t => {
    const { page, sockets } = await openPage(t, browser, `${site}/without-workers`)
    await isLive(page)
    t.same([page.workers().length, sockets.length], [0, 1])
    const before = Number(await page.evaluate('decoders.length'))
    await page.evaluate(`{
      const { decoder, init } = decoders[0]
      decoder.close()
      init.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'))
    }`)
    await until('there is another decoder', async () => Number(await page.evaluate('decoders.length')) > before)
    await numbersRise(page)
    await service.end()
    await becomes(page, first('state'), 'disconnected')
    t.equal(await page.evaluate(PICTURE), 'old')
    await start()
    await page.evaluate('dispatchEvent(new Event("online"))')
    await isLive(page)
    await numbersRise(page)
  })
})

t.test('<camgate-view> in Firefox', { timeout: 120_000, skip: noFirefox }, async t => {
  const { site } = await embed(t)
  const firefox = await openFirefox(t)
  await firefox.open(site)
  await until('a picture with its number is painted', async () => numberIn(await firefox.evaluate(READ_STRIP)) !== null, 30_000)
  t.equal(await firefox.evaluate(first('path')), 'webcodecs')
  t.equal(await firefox.evaluate(first('state')), 'running')
})
