import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Why the tests that need a browser are skipped; false if they are not. */
export const noBrowser: string | false = !existsSync(CHROMIUM) &&
  `NOT TESTED: there is no browser at ${CHROMIUM}. Install it (apt-get install chromium) or set CHROMIUM_PATH.`

/** Opens a browser with a fresh profile that contacts only the page's server. `program` may start it in another way. */
export const openBrowser = (args: readonly string[] = [], program = CHROMIUM): Promise<Browser> => chromium.launch({
  executablePath: program,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', ...args]
})
