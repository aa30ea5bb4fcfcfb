// Unit tests share processes: to start tap for one file takes longer than most files' tests.
import { readdirSync } from 'node:fs'
import { register } from 'node:module'
import { basename } from 'node:path'
import t from 'tap'

const here = readdirSync(new URL('.', import.meta.url)).filter(file => /^\d+\.test\.mjs$/.test(file)).sort()
const files = readdirSync(new URL('../', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.test.ts') && !file.startsWith('e2e/'))
  .sort()

register('./tap-hook.mjs', import.meta.url)

/**
 * Runs this batch's share of the unit tests, one file after the other. Each file is a test of its own, to which the file's `import t from 'tap'` leads.
 * @param {string} url of the batch
 */
export function runBatch (url) {
  const own = here.indexOf(basename(url))
  for (const file of files.filter((_, index) => index % here.length === own)) {
    t.test(`test/${file}`, async test => {
      globalThis[Symbol.for('camgate.test')] = test
      await import(`../${file}`)
    })
  }
}
