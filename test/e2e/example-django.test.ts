import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { parse } from 'yaml'
import { packageRoot } from '../../src/package.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { CAMGATE, live, logIn, PATIENT_MS, startExample } from './example.js'
import { freePort, listens } from './free-port.js'
import { missing } from './proxies/proxy.js'
import { samples } from './proxies/samples.js'
import { until } from './until.js'

const PYTHON = '/usr/bin/python3'
const noDjango = spawnSync(PYTHON, ['-c', 'import django']).status !== 0 && 'NOT TESTED: there is no Django. Install it (apt-get install python3-django).'
const runAt = (port: number, camgatePort: number) => [PYTHON, 'run.py', '--port', String(port), '--camgate-port', String(camgatePort), '--camgate', CAMGATE] as const
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
    const site = startExample(t, folder, runAt(port, camgatePort))
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

  t.test('has one name by https, with the Caddyfile of compose.https.yaml', { skip: noBrowser || missing(samples['Caddyfile']!) }, async t => {
    const [port, camgatePort, httpsPort] = [await freePort(), await freePort(), await freePort()]
    const site = `https://localhost:${httpsPort}`
    const { services } = parse(readFileSync(join(folder, 'compose.https.yaml'), 'utf8').replace(/\$\{SITE\}/g, `localhost:${httpsPort}`)) as { services: Record<string, { environment: Record<string, string> }> }
    const { DJANGO_HOSTS, ...environment } = { ...services['camgate']!.environment, ...services['django']!.environment }
    t.match({ DJANGO_HOSTS, ...environment }, { DJANGO_HOSTS: `localhost:${httpsPort}`, CAMGATE_PUBLIC_URL: `${site}/camgate`, CAMGATE_ORIGINS: site })
    const django = startExample(t, folder, runAt(port, camgatePort), { ...environment, DJANGO_HOSTS: 'localhost' })
    const file = join(folder, 'Caddyfile.test')
    writeFileSync(file, caddyfile(join(folder, 'Caddyfile'), httpsPort))
    startExample(t, folder, ['caddy', 'run', '--adapter', 'caddyfile', '--config', file], { SITE: site, CAMGATE: `127.0.0.1:${camgatePort}`, DJANGO: `127.0.0.1:${port}` })
    await django.answers(`http://localhost:${camgatePort}/`)
    await listens(port)
    await listens(httpsPort)
    const browser = await openBrowser()
    t.teardown(() => browser.close())
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    await page.goto(`${site}/login/`)
    await logIn(page, 'anna')
    await live(page, 2)
    t.same((await page.context().cookies()).filter(({ secure }) => !secure), [])
    const barn = page.locator('figure', { hasText: 'Barn' })
    await barn.getByRole('button', { name: 'Stop' }).click()
    await barn.getByText('Barn is stopped.').waitFor()
  })
})

/** What a test needs around the Caddyfile of the example, which asks for a real name and its certificate. */
const caddyfile = (file: string, port: number) => `{
  admin off
  https_port ${port}
  auto_https disable_redirects
  default_bind 127.0.0.1
  skip_install_trust
  grace_period 1s
}
import ${file}`

const untilLoaded = (page: Page, widths: number[]) => until(`pictures are ${widths} pixels wide`, async () =>
  `${await page.locator('img').evaluateAll(images => images.map(image => (image as unknown as { naturalWidth: number }).naturalWidth))}` === `${widths}`, PATIENT_MS)

const states = async (page: Page) => await page.locator('camgate-view').evaluateAll(views => views.map(view => (view as unknown as { state: string }).state))
