import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { strip } from '../../src/clips/strip.js'
import { CHROMIUM, openBrowser } from '../../test/e2e/browser.js'
import { ownCpuNanoseconds, pssBytes } from '../processes.js'

/** Any name that ends so leads to this machine. Over plain http it is no secure origin: browsers have no WebCodecs there. */
export const LAN = '.lan'
const CLOCK_QUESTIONS = 20
/** Chromium delays repeated timers at least so long. */
const LOOK_EVERY_MS = 4

/** A picture that was seen in a page: the number in its strip, and when it was there, by this process's clock. */
export interface Seen { readonly frame: number, readonly at: number }

/** In each page. `seen(find)` notes from now on what the element that `find` returns shows. */
const PROBE = `{
  const context = Object.assign(document.createElement('canvas'), { width: ${strip.blocks + 1}, height: 1 }).getContext('2d', { willReadFrequently: true })
  const read = (shown, view) => {
    const width = shown?.naturalWidth || shown?.videoWidth || view?.width
    const height = shown?.naturalHeight || shown?.videoHeight || view?.height
    if (!width) return null
    const box = shown.getBoundingClientRect()
    const scale = shown.tagName === 'CANVAS' ? Math.min(1, Math.max(box.width / width, box.height / height)) : 1
    const size = ${strip.blockSize} * scale
    context.drawImage(shown, 0, Math.round(height * scale) - size, ${strip.blocks + 1} * size, size, 0, 0, ${strip.blocks + 1}, 1)
    const { data } = context.getImageData(0, 0, ${strip.blocks + 1}, 1)
    if (data.every((level, i) => i % 4 === 3 || level === 0)) return null // nothing is painted: the scene next to the strip is not black
    let number = 0
    for (let block = 0; block < ${strip.blocks}; block++) {
      const level = data[4 * block + 1]
      if (level > 85 && level < 170) return null
      number = 2 * number + (level >= 170 ? 1 : 0)
    }
    return number
  }
  window.front = view => view?.tagName === 'CAMGATE-VIEW' ? view.shadowRoot?.querySelector('.picture.front') : view
  window.look = view => { try { return read(front(view), view) } catch { return null } }
  window.watch = (find, seen = []) => {
    let last = null
    setInterval(() => {
      const frame = look(find())
      if (frame !== null && frame !== last) seen.push({ frame, at: performance.now() })
      last = frame ?? last
    }, ${LOOK_EVERY_MS})
    return seen
  }
}`

/** Chromium, and a site with pages that embed camgate's elements. */
export class LiveBrowser {
  readonly #server: Server
  readonly #browser: Browser
  readonly #host: string
  #content = ''

  private constructor (server: Server, browser: Browser, host: string) {
    this.#server = server
    this.#browser = browser
    this.#host = host
    server.on('request', (_request, response) => { response.setHeader('Content-Type', 'text/html').end(`<!doctype html><meta charset="utf-8"><style>body { margin: 0 }</style>${this.#content}`) })
  }

  /** Its pages may read pictures of other sites. `host`: the address of the site. `program` starts Chromium. */
  static async open (host = '127.0.0.1', program = CHROMIUM): Promise<LiveBrowser> {
    const server = createServer()
    await once(server.listen(0, host), 'listening')
    const { port } = server.address() as AddressInfo
    const browser = await openBrowser([
      `--host-resolver-rules=MAP *${LAN} 127.0.0.1`, '--disable-web-security', '--autoplay-policy=no-user-gesture-required',
      `--unsafely-treat-insecure-origin-as-secure=http://${host}:${port}`
    ], program)
    return new LiveBrowser(server, browser, host)
  }

  /** For camgate's `server.origins`. */
  get origins (): string[] { return [this.#site(), this.#site(`site${LAN}`)] }

  #site (host = this.#host): string { return `http://${host}:${(this.#server.address() as AddressInfo).port}` }

  /** A new tab of a browser that remembers nothing. */
  async tab (viewport = { width: 1000, height: 600 }): Promise<Page> {
    const page = await this.#browser.newPage({ viewport })
    await page.addInitScript(PROBE)
    page.on('pageerror', error => { process.stderr.write(`the page threw: ${error.message}\n`) })
    return page
  }

  /** Two tabs of one person, who shares connections and storage between them. */
  async twoTabs (): Promise<[Page, Page]> {
    const context = await this.#browser.newContext()
    return [await context.newPage(), await context.newPage()]
  }

  /** Shows this in the tab. `isSecure`: on an origin where browsers have WebCodecs. */
  async show (page: Page, content: string, isSecure = true): Promise<void> {
    this.#content = content
    await page.goto(this.#site(isSecure ? undefined : `site${LAN}`), { waitUntil: 'commit' })
  }

  /** CPU seconds of all of Chromium's processes so far. */
  async cpuSeconds (): Promise<number> { return (await this.#pids()).reduce((sum, pid) => sum + ownCpuNanoseconds(pid), 0) / 1e9 }

  /** Bytes of all of Chromium's processes. Memory that they share counts once. */
  async bytes (): Promise<number> { return (await this.#pids()).reduce((sum, pid) => sum + pssBytes(pid), 0) }

  async #pids (): Promise<number[]> {
    const session = await this.#browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    return processInfo.map(({ id }) => id)
  }

  async close (): Promise<void> {
    await this.#browser.close()
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** What the page's clock shows less than this process's \`performance.now()\`. The quickest of several answers is believed. */
export async function clockOf (page: Page): Promise<number> {
  let best = { took: Infinity, offset: 0 }
  for (let i = 0; i < CLOCK_QUESTIONS; i++) {
    const asked = performance.now()
    const there = await page.evaluate<number>('performance.now()')
    const now = performance.now()
    if (now - asked < best.took) best = { took: now - asked, offset: (asked + now) / 2 - there }
  }
  return best.offset
}

/** When the simulated cameras sent which pictures. */
export type SentPictures = ReadonlyArray<{ readonly frame: number, readonly at: number }>

/** How old each picture was when it was seen, in milliseconds after the camera had sent it. Throws for a number that was not sent. */
export function agesOf (seen: readonly Seen[], sent: SentPictures): number[] {
  return seen.map(({ frame, at }) => {
    const picture = sent.findLast(one => one.frame === frame && one.at <= at + 1)
    if (!picture) throw new Error(`a picture shows a number that was not sent: ${frame}`)
    return at - picture.at
  })
}
