import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { packageRoot } from '../../src/package.js'

/** Writes docs/images/NAME.jpg. Throws if it is larger than a page of the docs should load. */
export async function save (page: Page, name: string, { quality, maxBytes }: { quality: number, maxBytes: number }): Promise<void> {
  const path = join(packageRoot, 'docs/images', `${name}.jpg`)
  await page.screenshot({ path, type: 'jpeg', quality })
  const { size } = statSync(path)
  process.stdout.write(`docs/images/${name}.jpg: ${Math.round(size / 1_000)} kB\n`)
  if (size > maxBytes) throw new Error(`${name}.jpg has more than ${maxBytes} bytes`)
}
