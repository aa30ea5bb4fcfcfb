import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'
import { noBrowser, openBrowser } from './browser.js'
import { camera, StandIn } from './stand-in.js'

export const LIVE = '[data-picture="live"]'
export const tile = (page: Page, id: string) => page.locator(`.tile[data-id="${id}"]`)
export const button = (page: Page, id: string, name: string) => tile(page, id).getByRole('button', { name })
export const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i + 1}`, camera(`Camera ${i + 1}`)]))

interface Serving {
  /** The path of a proxy in front. */
  readonly prefix?: string
  readonly context?: BrowserContextOptions
}

/** Opens one browser for a file of tests. What it returns serves the page with a stand-in for the cameras. */
export function pageTester (file: Pick<Test, 'before' | 'teardown'>) {
  let browser: Browser
  let picture: Buffer
  file.before(async () => {
    if (noBrowser !== false) return
    browser = await openBrowser()
    const page = await browser.newPage({ viewport: { width: 16, height: 9 } })
    picture = await page.screenshot({ type: 'jpeg' })
    await page.close()
  })
  file.teardown(async () => { await browser?.close() })

  /** A stand-in service with these cameras, and a function that opens tabs which share their connections, like the tabs of one person. */
  return async (t: Test, cameras: StandIn['cameras'], { prefix = '', context: options = {} }: Serving = {}) => {
    const service = new StandIn(cameras, picture, prefix)
    await service.start()
    const context: BrowserContext = await browser.newContext(options)
    context.setDefaultTimeout(30_000)
    t.teardown(async () => {
      await context.close()
      await service.stop()
    })
    const open = async (hash = '') => {
      const page = await context.newPage()
      page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
      page.on('console', message => { if (/Content Security Policy|TrustedScript|TrustedHTML/.test(message.text())) t.fail(message.text()) })
      await page.goto(service.url + hash)
      await page.locator('.tile').first().waitFor({ state: 'attached' }) // an enlarged picture may hide it
      return page
    }
    return { service, open, context }
  }
}
