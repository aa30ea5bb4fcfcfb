import type { Test } from 'tap'
import { noBrowser, openBrowser } from './browser.js'
import { noFirefox, openFirefox } from './firefox.js'

/** A person with a browser, in which other names than its own lead to this machine. */
export interface Visitor {
  /** Opens an address by a script of another page. */
  open (url: string): Promise<void>
  /** Opens an address as if a person had typed it. */
  type (url: string): Promise<void>
  evaluate (expression: string): Promise<unknown>
  /** The address of what the page's first frame shows. */
  framed (): Promise<unknown>
}

async function chromium (t: Test, names: readonly string[]): Promise<Visitor> {
  const browser = await openBrowser([`--host-resolver-rules=${names.map(name => `MAP ${name} 127.0.0.1`).join(',')}`])
  t.teardown(() => browser.close())
  let page = await browser.newPage({ ignoreHTTPSErrors: true })
  const evaluate = (expression: string) => page.evaluate(expression).catch(() => undefined)
  return {
    evaluate,
    async open (url) { await evaluate(`location.href = ${JSON.stringify(url)}`) },
    async type (url) {
      await page.close() // what it has begun to load would interrupt
      page = await browser.newPage({ ignoreHTTPSErrors: true })
      await page.goto(url, { waitUntil: 'commit' })
    },
    async framed () { return await page.frames()[1]?.evaluate('document.documentURI') }
  }
}

async function firefox (t: Test, names: readonly string[]): Promise<Visitor> {
  const firefox = await openFirefox(t, names)
  return {
    evaluate: expression => firefox.evaluate(expression),
    open: async url => { await firefox.evaluate(`location.href = ${JSON.stringify(url)}`) },
    type: url => firefox.type(url),
    async framed () {
      await firefox.call('WebDriver:SwitchToFrame', { id: 0 })
      const address = await firefox.evaluate('document.documentURI')
      await firefox.call('WebDriver:SwitchToParentFrame')
      return address
    }
  }
}
/** Each browser: why its tests are skipped, and how to open it. */
export const visitors = { Chromium: [noBrowser, chromium], Firefox: [noFirefox, firefox] } as const
