import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { BOUNDARY } from '../../src/multipart.js'
import { SAFE_HEADERS } from '../../src/door/safe-headers.js'
import { makeJpegs, withComment } from '../jpegs.js'
import { noBrowser, openBrowser } from './browser.js'
import { noFirefox, openFirefox } from './firefox.js'
import { listenOnLoopback } from './loopback-server.js'
import { startService } from './service.js'
import { until } from './until.js'

const [WIDTH, HEIGHT] = [160, 120]
const [jpeg, words] = makeJpegs(2, `${WIDTH}x${HEIGHT}`) as [Buffer, Buffer]
const SCRIPT = '<!doctype html><script>document.title="taken";fetch("/taken")</script><h1>injected</h1>'
const part = (type: string, body: Buffer | string) => `\r\n--${BOUNDARY}\r\nContent-Type: ${type}\r\n\r\n${body.toString('latin1')}`
const latin1 = (text: string) => Buffer.from(text, 'latin1')
/** An attacker's camera sends a document, and a picture that camgate never made. */
const HOSTILE = {
  document: withComment(jpeg, part('text/html', SCRIPT).repeat(2) + part('image/jpeg', '')),
  picture: withComment(jpeg, part('image/jpeg', words) + part('image/jpeg', ''))
}

async function serve (t: Test, listener: RequestListener, host: '127.0.0.1' | 'localhost' = '127.0.0.1'): Promise<string> {
  return `http://${host}:${await listenOnLoopback(t, createServer(listener), host)}/`
}

t.test('a camera\'s bytes in camgate\'s origin', { timeout: 240_000, skip: noFirefox }, async t => {
  const asked: string[] = []
  let shown = 0
  const camera = await serve(t, ({ url = '' }, response) => {
    asked.push(url)
    const hostile = HOSTILE[url.slice(1) as keyof typeof HOSTILE]
    response.setHeader('Content-Type', 'image/jpeg').end(hostile ?? [jpeg, words][++shown % 2])
  })
  let images = ''
  const site = await serve(t, ({ url }, response) => {
    if (url === '/isolated') response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>Django</title>${images}`)
  }, 'localhost') // another site for browsers than 127.0.0.1
  const source = (path: string) => ({ type: 'http-jpeg', url: `${camera}${path}` })
  const config = t.testdir({ 'cameras.yaml': JSON.stringify({ server: { origins: [new URL(site).origin] }, cameras: { document: { source: source('document') }, picture: { source: source('picture') }, good: { source: source('good') } } }) })
  const service = await startService(t, { config: join(config, 'cameras.yaml') })
  await service.until(({ cameras }) => cameras.good?.state === 'running', 'the good camera runs')
  const firefox = await openFirefox(t)
  const shows = (expression: string, what: unknown) => until(`Firefox has ${expression} = ${what}`, async () => await firefox.evaluate(expression) === what, 20_000)

  t.test('run no script, and show no other picture than the camera\'s', async t => {
    for (const id of Object.keys(HOSTILE)) {
      await firefox.open(`${service.url}camera/${id}`)
      await shows('document.images[0]?.naturalWidth', 640) // the status frame instead
      const before = asked.length
      await until('it was asked again', () => asked.slice(before).includes(`/${id}`), 30_000)
      t.notMatch(String(await firefox.evaluate('document.title')), /^taken/) // null between two parts
      await shows('document.contentType', 'image/jpeg') // null between two parts
      t.match(await (await fetch(`${service.url}status/${id}`)).json(), { framesTotal: 0, failure: { code: 'bad-stream', message: /camgate-frame/ } })
      t.equal((await fetch(`${service.url}camera/${id}/snapshot`)).status, 503)
    }
  })

  for (const [guarded, headers] of [[false, {}], [true, SAFE_HEADERS]] as const) {
    t.test(guarded ? 'would run none with our headers alone' : 'would run one without our boundary and headers', async t => {
      let taken = 0
      const origin = await serve(t, ({ url }, response) => {
        if (url === '/taken') taken++
        if (url !== '/camera') {
          response.end()
          return
        }
        response.writeHead(200, { 'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`, ...headers })
        const { document } = HOSTILE
        response.write(latin1(part('image/jpeg', document.subarray(0, document.lastIndexOf('Content-Type'))))) // the document stays
      })
      await firefox.open(`${origin}camera`)
      await shows('document.querySelector("h1")?.textContent', 'injected')
      if (!guarded) await until('its script runs', () => taken > 0)
      t.equal(await firefox.evaluate('document.title'), guarded ? '' : 'taken')
      t.equal(taken > 0, !guarded)
    })
  }

  images = `<img src="${service.url}camera/good"><img src="${service.url}camera/good/snapshot"><img crossorigin="anonymous" src="${service.url}camera/good">`
  const sizes = 'Array.from(document.images, image => [image.naturalWidth, image.naturalHeight]).join()'
  const all = Array(3).fill([WIDTH, HEIGHT]).join()
  /** A sum over the pixels of the third picture; 0 while there is none. */
  const pixels = `(() => {
    const canvas = new OffscreenCanvas(${WIDTH}, ${HEIGHT}).getContext('2d')
    canvas.drawImage(document.images[2], 0, 0)
    return canvas.getImageData(0, 0, ${WIDTH}, ${HEIGHT}).data.reduce((sum, value, i) => sum + value * i % 65521, 0)
  })()`

  /** Resolves once it has seen two different pictures. While a page or picture changes there may be nothing to evaluate. */
  const moves = async (evaluate: (expression: string) => Promise<unknown>) => {
    const seen = new Set<unknown>()
    await until('the picture moves', async () => {
      const sum = await evaluate(pixels).catch(() => 0)
      if (sum) seen.add(sum)
      return seen.size > 1
    }, 20_000)
  }

  t.test('are pictures in the pages of other sites, in Firefox', async t => {
    for (const path of ['', 'isolated']) {
      await firefox.open(`${site}${path}`)
      await shows(sizes, all)
      await t.resolves(moves(expression => firefox.evaluate(expression)), path)
    }
    await firefox.open(`${service.url}camera/good`)
    await t.resolves(shows('document.images[0]?.naturalWidth', WIDTH), 'and by themselves')
  })

  t.test('are pictures in the pages of other sites, in Chromium', { skip: noBrowser }, async t => {
    const browser = await openBrowser()
    t.teardown(() => browser.close())
    const page = await browser.newPage()
    for (const path of ['', 'isolated']) {
      await page.goto(`${site}${path}`, { waitUntil: 'domcontentloaded' })
      await until('all are there', async () => await page.evaluate(sizes) === all)
      await t.resolves(moves(expression => page.evaluate(expression)), path)
    }
    await page.goto(`${service.url}camera/good`, { waitUntil: 'commit' })
    await t.resolves(until('it is there by itself', async () => await page.evaluate('document.images[0]?.naturalWidth').catch(() => undefined) === WIDTH))
  })
})
