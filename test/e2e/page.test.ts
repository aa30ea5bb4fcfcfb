import type { Page } from 'playwright-core'
import t from 'tap'
import type { CameraStatus } from '../../src/stream/status.js'
import { noViolations } from './axe.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { prefixProxy } from './prefix-proxy.js'
import { startService } from './service.js'
import { until } from './until.js'

const yaml = `
cameras:
  1: { name: Entrance, source: { type: simulated } }
  2: { name: Yard, source: { type: simulated, codec: mjpeg, auth: digest }, username: ${secret('admin')}, password: ${secret('pass')} }
`

t.test('the page of the real service', { skip: noBrowser }, async t => {
  const service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml` })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
  page.on('console', message => { if (/Content Security Policy/.test(message.text())) t.fail(message.text()) })
  await page.goto(service.url)
  const tile = (id: string) => page.locator(`.tile[data-id="${id}"]`)
  const press = (id: string, name: string) => tile(id).getByRole('button', { name, exact: true }).click()
  const words = async (id: string, pattern: RegExp) => {
    await until(`tile ${id} says ${pattern}`, async () => pattern.test(await tile(id).innerText()), 20_000)
    t.pass(`${id} says ${pattern}`)
  }

  const viewersOf = ({ watching, renditions }: CameraStatus) => Object.values(renditions).reduce((sum, rendition) => sum + rendition.watching.length, watching.length)
  const plays = async (shown: Page) => await shown.evaluate("document.querySelector('#enlarged camgate-view')?.state") === 'running'

  t.test('shows that its cameras are simulated', async () => {
    await page.getByText('These cameras are simulated').waitFor()
  })

  t.test('works behind a proxy\'s path, with and without a trailing slash', async t => {
    for (const [taken, path] of [['/cams/', '/cams/'], ['/cams', '/cams'], ['/cams', '/cams/'], ['/cams', '/cams?x=1']] as const) {
      const behind = await browser.newPage()
      behind.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
      await behind.goto(await prefixProxy(t, service.url, taken) + path)
      await behind.locator('.tile[data-picture="live"]').first().waitFor()
      const href = await behind.locator('a.picture').first().getAttribute('href')
      t.equal(href, `${behind.url()}#camera/1`, 'a picture is enlarged within the page')
      await behind.locator('a.picture').first().click()
      await until('it plays', () => plays(behind), 20_000)
      await behind.close()
    }
  })

  t.test('shows both cameras live', async () => {
    for (const id of ['1', '2']) {
      await words(id, /Running/i)
      await page.locator(`.tile[data-id="${id}"][data-picture="live"]`).waitFor()
    }
  })

  t.test('has no fault that axe-core finds while its pictures are live', async t => {
    await noViolations(t, page, 'live video')
    t.same(await page.evaluate("[...document.querySelectorAll('camgate-view')].map(({ path, state }) => [path, state].join(' '))"), ['webcodecs running', 'webcodecs running'])
  })

  t.test('stops one, leaves the other alone, and starts it again', async t => {
    await press('1', 'Stop')
    await words('1', /Stopped/i)
    t.match((await service.status()).cameras, { 1: { state: 'stopped' }, 2: { state: 'running' } })
    await words('2', /Running/i)
    await press('1', 'Start')
    await words('1', /Running/i)
    t.match((await service.status()).cameras[1], { state: 'running' })
  })

  t.test('restarts one', async () => {
    const before = (await service.status()).cameras[2]!.restarts
    await press('2', 'Restart')
    await service.until(({ cameras }) => cameras[2]!.restarts === before + 1 && cameras[2]!.state === 'running', 'it runs again')
  })

  t.test('enlarges one, for which its tiles rest', async t => {
    await tile('1').locator('a.picture').click()
    await until('it plays', () => plays(page), 20_000)
    await service.until(({ cameras }) => viewersOf(cameras[1]!) === 1 && viewersOf(cameras[2]!) === 0, 'the tiles rest')
    await page.getByRole('button', { name: 'Close' }).click()
    t.equal(await page.locator('#enlarged camgate-view').count(), 0)
    await service.until(({ cameras }) => viewersOf(cameras[1]!) === 1 && viewersOf(cameras[2]!) === 1, 'the tiles go on')
  })
})
