import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { packageRoot } from '../../src/package.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { CAMGATE, live, logIn, PATIENT_MS, startExample } from './example.js'
import { freePort } from './free-port.js'
import { Service } from './service.js'
import { until } from './until.js'

const VENV = join(defaultCacheDir(), 'examples/bin')
const NODE_MODULES = join(defaultCacheDir(), 'express/node_modules')
const applications = {
  flask: !existsSync(join(VENV, 'flask')) && 'NOT TESTED: there is no Flask; test/setup.mjs installs it with pip',
  fastapi: !existsSync(join(VENV, 'uvicorn')) && 'NOT TESTED: there is no FastAPI; test/setup.mjs installs it with pip',
  express: !existsSync(join(NODE_MODULES, 'express')) && 'NOT TESTED: there is no Express; test/setup.mjs installs it with npm'
}
const names = Object.keys(applications) as Array<keyof typeof applications>

t.test('the small examples', { skip: noBrowser, timeout: 300_000 }, async t => {
  const folder = t.testdir()
  cpSync(join(packageRoot, 'docs/signing'), join(folder, 'signing'), { recursive: true })
  cpSync(join(packageRoot, 'docs/examples'), join(folder, 'examples'), { recursive: true })
  if (!applications.express) symlinkSync(NODE_MODULES, join(folder, 'examples/express/node_modules'))
  const [closedPort, openPort, htmlPort, ...ports] = await Promise.all([0, 1, 2, ...names].map(freePort)) as [number, number, number, ...number[]]
  const urls = Object.fromEntries(names.map((name, index) => [name, `http://localhost:${ports[index]}/`])) as Record<typeof names[number], string>
  const keys = { CAMGATE_LINK_KEY: secret('a key of at least 32 characters for links'), CAMGATE_JWT_SECRET: secret('another one of at least 32 characters') }
  const closed = new Service(t, {
    config: join(folder, 'examples/cameras.yaml'),
    args: ['--port', String(closedPort)],
    env: { ...keys, CAMGATE_ORIGINS: Object.values(urls).map(url => url.replace(/\/$/, '')).join(',') }
  })
  const given = { ...keys, CAMGATE_URL: `http://127.0.0.1:${closedPort}`, CAMGATE_PUBLIC_URL: `http://localhost:${closedPort}` }
  for (const file of ['index.html', 'cameras.yaml'].map(name => join(folder, 'examples/html', name))) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(':5000', `:${openPort}`).replaceAll(':8000', `:${htmlPort}`))
  }
  const start = (args: string[], env: NodeJS.ProcessEnv = {}) => startExample(t, join(folder, 'examples'), [process.execPath, 'start.mjs', ...args], { PATH: `${VENV}:${process.env.PATH}`, ...env })
  const html = start(['html', '--port', String(htmlPort), '--camgate-port', String(openPort), '--camgate', CAMGATE])
  const started = Object.fromEntries(names.filter(name => !applications[name]).map(name => [name, start([name, '--port', String(ports[names.indexOf(name)])], given)]))
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  await closed.listening()

  t.test('html shows cameras in a page without a server of its own, and ends with camgate', async t => {
    const url = `http://localhost:${htmlPort}/`
    await html.answers(url)
    await html.answers(`http://localhost:${openPort}/health/ready`)
    const page = await open(t, browser, url)
    await live(page, 4)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('stopped.', { exact: true }).waitFor()
    t.match(await html.end(), { code: 0 })
    await t.rejects(fetch(url), 'nothing is left')
    await t.rejects(fetch(`http://localhost:${openPort}/`), 'nothing is left')
  })

  const pages: Page[] = []
  for (const name of names) {
    t.test(`${name} shows and stops cameras for those who may`, { skip: applications[name] }, async t => {
      const url = urls[name]
      await started[name]!.answers(url)
      const page = await open(t, browser, url)
      const press = (button: string) => page.getByRole('button', { name: button }).first().click()
      await page.getByText('Log in first.').waitFor()
      await logIn(page, 'anna', 'guessed')
      await page.getByText('Wrong name or password.').waitFor()
      await logIn(page, 'carl')
      await page.getByText('You may not do that. Ask whoever runs this site.').waitFor()
      t.equal(await page.locator('figure').count(), 0)
      await press('Log out')

      await logIn(page, 'ben')
      await page.locator('figure').nth(2).waitFor()
      t.equal(await page.getByRole('button', { name: /Stop|Start/ }).count(), 0)
      t.match(await post(page, 'cameras/barn/stop'), { status: 403, body: /You may not do that/ })
      await press('Log out')

      await logIn(page, 'anna')
      await live(page, 2)
      t.equal(await page.evaluate('[...document.querySelectorAll("camgate-view")].every(view => typeof view.renew === "function")'), true, 'also where the page has set it before view.js was there')
      for (const origin of ['http://evil.example', 'null']) t.match(await post(page, 'cameras/barn/stop', { origin, withToken: false }), { status: /^40[03]$/ }, origin)
      t.match(await post(page, 'cameras/none/stop'), { status: 404, body: /There is no camera/ })
      const barn = page.locator('figure', { hasText: 'Barn' })
      for (const [button, text, state] of [['Stop', 'Barn is stopped.', 'stopped'], ['Start', /Barn is (starting|running)/, 'running']] as const) {
        await barn.getByRole('button', { name: button }).click()
        await barn.getByText(text).waitFor()
        await until(`the element is ${state}`, async () => await barn.locator('camgate-view').evaluate(view => (view as unknown as { state: string }).state) === state, PATIENT_MS)
      }
      pages.push(page)
    })
  }

  t.test('say that camgate is down, and go on', async t => {
    await closed.end()
    for (const page of pages) {
      await page.reload()
      await page.getByText('camgate does not answer.').waitFor()
    }
    const other = createServer((_request, response) => response.end('[]')).listen(closedPort, '127.0.0.1')
    t.teardown(() => other.close().closeAllConnections())
    for (const page of pages) {
      await page.reload()
      await page.getByText('camgate does not answer.').waitFor()
    }
    for (const example of Object.values(started)) t.match(await example.end(), { code: 0 })
  })
})

async function open (t: Test, browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 3000 } }) // elements off the screen are sent nothing; and cookies of localhost are shared by all ports
  const page = await context.newPage()
  page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
  await page.goto(url)
  return page
}

/** As the page does with the cookies of its user, but perhaps with another Origin and without the token of its forms. */
async function post (page: Page, path: string, { origin = new URL(page.url()).origin, withToken = true } = {}) {
  const token = withToken ? await page.evaluate('document.querySelector("[name=csrf_token]")?.value ?? ""') as string : ''
  const answer = await page.context().request.post(new URL(path, page.url()).href, { headers: { Origin: origin, 'X-CSRFToken': token } })
  return { status: answer.status(), body: await answer.text() }
}
