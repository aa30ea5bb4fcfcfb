import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { listenOnLoopback } from './loopback-server.js'
import { startService, type Service } from './service.js'
import { until } from './until.js'
import { visitors, type Visitor } from './visitor.js'

/** Names for which browsers have no VideoDecoder, as they have none for a camgate that is reached by plain http. */
const CAMGATE = 'cam.lan'
const LISTED = 'site.lan'
const UNLISTED = 'other.lan'
/** Taken every 37 ms. */
const AGES = 40

/** Of 960x544, 20 pictures a second. */
const CAMERAS: readonly SimulatedCamera[] = [
  { id: '1', name: 'Yard', keySeconds: 2 },
  { id: '2', name: 'Gate', quirks: ['b-frames'] }
]

for (const [name, [skip, open]] of Object.entries(visitors)) {
  t.test(`over plain http, ${name}`, { skip, timeout: 180_000 }, async t => {
    const { element, service } = await surroundings(t, open)

    const says = async (view: View, way: string) => {
      const ages = await view.get('element.ages') as number[]
      t.comment(`${name}, ${way}: age on screen ${quantile(ages, 0.5)} ms median, ${quantile(ages, 0.95)} ms p95`)
      t.ok(quantile(ages, 0.5) < 1_000)
    }

    t.test('plays the camera\'s own video, a moment after camgate has it', async t => {
      const view = await element('camera="1"')
      await view.is('live', 'element.state === "running" && element.fps > 5')
      t.same(await view.get('[element.path, element.reason, element.width, element.height]'), ['mse', 'Over plain http, browsers have no WebCodecs: open the page by https.', 960, 544])
      t.equal(await view.get('isSecureContext'), false)
      await view.is('moving', `element.ages.length > ${AGES}`)
      await says(view, 'MSE')
    })

    t.test('is live again when it has been hidden, and when the camera has been stopped', async t => {
      const view = await element('camera="1"')
      await view.is('live', 'element.state === "running"')
      const watching = async (is: boolean) => { await service.until(({ cameras }) => (cameras[1]!.watching.length > 0) === is, `it is ${is ? '' : 'not '}watched`) }
      await watching(true)
      await view.get('(element.style.display = "none")')
      await watching(false)
      await view.is('old', 'element.ageMs > 1000')
      await view.get('(element.style.display = "block")')
      await view.is('live again', 'element.ageMs < 1000 && element.state === "running"')
      await fetch(new URL('stop/1', service.url), { method: 'POST' })
      await view.is('stopped', 'element.state === "stopped" && element.ageMs > 1000')
      await fetch(new URL('start/1', service.url), { method: 'POST' })
      await view.is('live again', 'element.ageMs < 1000 && element.state === "running"')
      t.same(await view.get('element.paths'), ['mse'])
    })

    t.test('begins anew when the video breaks, and goes on with JPEGs when it breaks again', async t => {
      const view = await element('camera="1"')
      const video = 'element.shadowRoot.querySelector("video")'
      const breaks = `(${video}.src = "data:video/mp4,")`
      await view.is('live', 'element.state === "running"')
      await view.get(breaks)
      await view.is('live again', `${video}.src.startsWith("blob:") && ${video}.currentTime > 0 && element.path === "mse"`)
      await view.get(breaks)
      await view.is('live by JPEGs', 'element.path === "jpeg" && element.ageMs < 1000 && element.state === "running"')
      t.match(await view.get('element.reason'), /The video has failed twice: /)
      await view.get('localStorage.clear()')
    })

    t.test('shows JPEGs of a camera whose pictures <video> would show late', async t => {
      const view = await element('camera="2"')
      await view.is('live', 'element.state === "running" && element.fps > 2')
      t.match(await view.get('[element.path, element.reason]'), ['jpeg', /B-frames/])
      await view.is('moving', `element.ages.length > ${AGES}`)
      await says(view, 'JPEG by the socket')
    })

    t.test('shows MJPEG in an <img> to a page whose WebSocket is refused', async t => {
      const view = await element('camera="1"', UNLISTED)
      await view.is('live', 'element.state === "running" && element.path === "img"')
      t.match(await view.get('element.reason'), /No WebSocket gets through/)
      t.same(await view.get('[element.width, element.height]'), [960, 544])
      await view.get('(element.isOld = true, location.reload())')
      await view.is('live again', '!element.isOld && element.state === "running"')
      t.same(await view.get('element.paths'), ['img'], 'which it remembers')
    })

    t.test('shows snapshots, and how old they are', async t => {
      const view = await element('camera="1" path="snapshots"')
      await view.is('live', 'element.state === "running" && element.path === "snapshots" && element.fps > 1')
      await view.is('moving', `element.ages.length > ${AGES}`)
      await says(view, 'snapshots')
      t.match(await view.get('element.snapshot().then(blob => blob.type)'), 'image/jpeg')
    })
  })
}

const quantile = (values: readonly number[], share: number) => Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN)

interface View {
  /** Of an expression about `element`. */
  get (expression: string): Promise<unknown>
  is (what: string, expression: string): Promise<void>
}

/** A browser, camgate, and pages of another site that show its cameras. */
async function surroundings (t: Test, open: (t: Test, names: readonly string[]) => Promise<Visitor>) {
  let content = ''
  const port = await listenOnLoopback(t, createServer((_request, response) => { response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>site</title><body>${content}`) }))
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: CAMERAS })
  t.teardown(() => simulator.close())
  const config = { server: { origins: [`http://${LISTED}:${port}`] }, cameras: Object.fromEntries(CAMERAS.map(({ id }) => [id, { source: simulator.url(id) }])) }
  const service: Service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': JSON.stringify(config) }), 'cameras.yaml') })
  const browser = await open(t, [CAMGATE, LISTED, UNLISTED])
  const camgate = `http://${CAMGATE}:${new URL(service.url).port}/`
  let pages = 0
  const element = async (attributes: string, site = LISTED): Promise<View> => {
    content = `<script src="${camgate}view.js"></script><camgate-view style="width: 640px" ${attributes}></camgate-view>
      <script>element = document.querySelector("camgate-view"); element.ages = []; element.paths = []; element.addEventListener("camgate-path", ({ detail }) => element.paths.push(detail.path)); setInterval(() => { if (element.ageMs !== undefined) element.ages.push(element.ageMs) }, 37)</script>`
    const page = `page=${++pages}`
    await browser.type(`http://${site}:${port}/?${page}`)
    const get = (expression: string) => browser.evaluate(expression)
    return {
      get,
      is: async (what, expression) => {
        await until(what, async () => await get(`location.search === "?${page}" && typeof element !== "undefined" && ${expression}`) === true, 30_000).catch(async error => {
          throw new Error(`${error}: ${JSON.stringify(await get('[element.state, element.path, element.reason, element.ageMs, element.fps]'))}`)
        })
      }
    }
  }
  return { element, service }
}
