import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { packageRoot } from '../../src/package.js'
import { CAMGATE, live, logIn, startExample } from '../e2e/example.js'
import { freePort } from '../e2e/free-port.js'
import type { Scope } from '../e2e/service.js'
import { save } from './save.js'

const LIMITS = { quality: 78, maxBytes: 80_000 }

/** Takes the pictures of the example for Django: what strangers see, and what a user sees who may do everything. */
export async function takeDjango (scope: Scope, browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-django-'))
  scope.teardown(() => rmSync(folder, { recursive: true }))
  cpSync(join(packageRoot, 'docs/examples/django'), folder, { recursive: true })
  const [port, camgatePort] = [await freePort(), await freePort()]
  const site = startExample(scope, folder, ['/usr/bin/python3', 'run.py', '--port', String(port), '--camgate-port', String(camgatePort), '--camgate', CAMGATE])
  const url = `http://localhost:${port}/`
  for (const address of [url, `http://localhost:${camgatePort}/`]) await site.answers(address)
  const page = await browser.newPage({ viewport: { width: 1100, height: 360 }, locale: 'en-GB' })
  await page.goto(url)
  await live(page, 0)
  await save(page, 'django-out', LIMITS)
  await page.goto(`${url}login/`)
  await logIn(page, 'anna')
  await live(page, 2)
  const barn = page.locator('figure', { hasText: 'Barn' })
  await barn.getByRole('button', { name: 'Stop' }).click()
  await barn.getByText('Barn is stopped.').waitFor()
  await live(page, 1)
  await save(page, 'django-in', LIMITS)
  await page.close()
  await site.end()
}
