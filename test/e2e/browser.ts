import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** False, or why the tests that need a browser are skipped. */
export const noBrowser: string | false = !existsSync(CHROMIUM) &&
  `NOT TESTED: there is no browser at ${CHROMIUM}. Install it (apt-get install chromium) or set CHROMIUM_PATH.`

/** A browser with a profile of its own, which says nothing to anyone but the page's server. */
export const openBrowser = (): Promise<Browser> => chromium.launch({
  executablePath: CHROMIUM,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
})
