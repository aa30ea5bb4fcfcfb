import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { CAMGATE, logIn, PATIENT_MS, startExample } from './example.js'
import { freePort } from './free-port.js'
import { until } from './until.js'

const PYTHON = '/usr/bin/python3'
const noDjango = spawnSync(PYTHON, ['-c', 'import django']).status !== 0 && 'NOT TESTED: there is no Django. Install it (apt-get install python3-django).'
const example = join(packageRoot, 'docs/examples/django')

t.test('the example for Django', { skip: noDjango }, async t => {
  const folder = join(t.testdir(), 'django')
  cpSync(example, folder, { recursive: true })
  const env = { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: '1' }

  t.test('passes its own tests', async t => {
    const keys = { DJANGO_SECRET_KEY: 'for tests', CAMGATE_LINK_KEY: secret('a key of at least 32 characters'), CAMGATE_JWT_SECRET: secret('another of at least 32 characters') }
    const child = spawn(PYTHON, ['manage.py', 'test'], { cwd: folder, env: { ...env, ...keys }, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 })
    let said = ''
    child.stderr.on('data', chunk => { said += chunk })
    t.same(await once(child, 'exit'), [0, null], said)
  })

  t.test('signs as the helper does that it is a copy of', async t => {
    t.equal(readFileSync(join(example, 'cameras/camgate_signing.py'), 'utf8'), readFileSync(join(packageRoot, 'docs/signing/camgate_signing.py'), 'utf8'))
  })

  t.test('shows, starts and stops cameras for those who may', { skip: noBrowser }, async t => {
    const [port, camgatePort] = [await freePort(), await freePort()]
    const site = startExample(t, folder, [PYTHON, 'run.py', '--port', String(port), '--camgate-port', String(camgatePort), '--camgate', CAMGATE])
    const url = `http://localhost:${port}/`
    for (const address of [`${url}login/`, `http://localhost:${camgatePort}/health/ready`]) await site.answers(address)
    const browser = await openBrowser()
    t.teardown(() => browser.close())
    const page = await browser.newPage()
    const enter = async (name: string) => {
      await page.goto(`${url}login/`)
      await logIn(page, name)
      await page.waitForURL(`${url}cameras/`)
    }

    await page.goto(url)
    await page.getByText('Log in to see the cameras.').waitFor()
    await untilLoaded(page, [640])
    await enter('carl')
    await page.getByText('You may not look at cameras.').waitFor()
    t.equal(await page.locator('figure').count(), 0)
    await page.getByRole('button', { name: 'Log out' }).click()
    await enter('ben')
    await untilLoaded(page, [960])
    await until('the elements are live', async () => `${await states(page)}` === 'running,running', PATIENT_MS)
    t.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0)
    await page.getByRole('button', { name: 'Log out' }).click()
    await enter('anna')
    const barn = page.locator('figure', { hasText: 'Barn' })
    await barn.getByRole('button', { name: 'Stop' }).click()
    await barn.getByText('Barn is stopped.').waitFor()
    await until('the element says so', async () => `${await states(page)}` === 'running,stopped')
    await barn.getByRole('button', { name: 'Start' }).click()
    await until('it is live again', async () => `${await states(page)}` === 'running,running', PATIENT_MS)

    t.match(await site.end(), { code: 0 })
    for (const address of [url, `http://localhost:${camgatePort}/`]) await t.rejects(fetch(address), 'nothing is left of both')
  })
})

const untilLoaded = (page: Page, widths: number[]) => until(`pictures are ${widths} pixels wide`, async () =>
  `${await page.locator('img').evaluateAll(images => images.map(image => (image as unknown as { naturalWidth: number }).naturalWidth))}` === `${widths}`, PATIENT_MS)

const states = async (page: Page) => await page.locator('camgate-view').evaluateAll(views => views.map(view => (view as unknown as { state: string }).state))
