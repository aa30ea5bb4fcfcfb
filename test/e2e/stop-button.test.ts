import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { noBrowser, openBrowser } from './browser.js'
import { noFirefox, openFirefox } from './firefox.js'
import { startService } from './service.js'
import { until } from './until.js'

const yaml = `
cameras:
  1: { name: Entrance, source: { type: simulated } }
  2: { name: Yard, source: { type: simulated } }
`

t.test('the stop button', { skip: noBrowser }, async t => {
  const service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml` })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const context = await browser.newContext()
  const open = async (script = '') => {
    const page = await context.newPage()
    await page.addInitScript(script)
    page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
    page.on('console', message => { if (/Content Security Policy|Trusted/.test(message.text())) t.fail(message.text()) })
    await page.goto(service.url)
    return page
  }
  const tile = (page: Page, id: string) => page.locator(`.tile[data-id="${id}"]`)
  const button = (page: Page, id: string, name: string) => tile(page, id).getByRole('button', { name, exact: true })
  const says = async (page: Page, id: string, state: string) => { await tile(page, id).getByText(state, { exact: true }).waitFor() }
  const [here, there, alone] = [await open(), await open(), await open('delete window.SharedWorker')]
  const toState = (id: string, state: string) => service.until(({ cameras }) => cameras[id]!.state === state, `${id} is ${state}`)

  /** Remembers when the page says that camera 1 is stopped. */
  const noteStopped = async (page: Page) => {
    await page.evaluate(`delete window.stoppedAt; new MutationObserver(() => {
      if (document.querySelector('.tile[data-id="1"] .state').textContent === 'Stopped') window.stoppedAt ??= Date.now()
    }).observe(document.querySelector('.tile[data-id="1"]'), { subtree: true, childList: true, characterData: true })`)
  }
  const commentOn = async (t: Test) => {
    const gone = Date.parse((await service.status()).cameras[1]!.since)
    t.comment(`"Stopped" in the other tab ${await there.evaluate<number>('window.stoppedAt') - gone} ms after the process was gone`)
  }

  t.test('shows its effect in every other tab at once, also in one that asks for nothing', async t => {
    for (const page of [here, there, alone]) await says(page, '1', 'Running')
    for (const page of [there, alone]) await page.route('**/status', () => {}) // no answer: what is shown from now on was told
    await noteStopped(there)
    await button(here, '1', 'Stop').click()
    await says(there, '1', 'Stopped')
    await says(here, '1', 'Stopped')
    await says(alone, '1', 'Stopped')
    await commentOn(t)
    await alone.close()
    await there.unroute('**/status')
    await button(there, '1', 'Start').click()
    await says(here, '1', 'Running')
  })

  t.test('sends one request for ten clicks', async t => {
    const posts: string[] = []
    here.on('request', request => { if (request.method() === 'POST') posts.push(request.url()) })
    await here.evaluate('for (let i = 0; i < 10; i++) document.querySelector(\'.tile[data-id="1"] [data-verb="stop"]\').click()')
    await says(here, '1', 'Stopped')
    await says(there, '1', 'Stopped')
    t.same(posts.map(url => new URL(url).pathname), ['/stop/1'])
    await button(here, '1', 'Start').click()
    await toState('1', 'running')
  })

  t.test('says that a camera is gone', async t => {
    await here.route('**/stop/2', route => route.continue({ url: `${service.url}stop/removed` }))
    await button(here, '2', 'Stop').click()
    await tile(here, '2').getByText('Could not stop it: There is no camera "removed". The cameras are: 1, 2.').waitFor()
    t.match((await service.status()).cameras[2], { state: 'running' })
    await here.unroute('**/stop/2')
    await button(here, '2', 'Restart').click()
    await until('there is no error left', async () => await tile(here, '2').locator('.problem').textContent() === '')
  })

  // Before the network is cut: afterwards the feed may not have its connection back yet.
  t.test('works and shows with all connections of the browser taken by streams', async t => {
    await service.until(({ cameras }) => cameras[1]!.state === 'running' && cameras[2]!.state !== 'stopped', 'both run')
    const posts: string[] = []
    const streams = await open()
    await streams.evaluate("for (let i = 0; i < 6; i++) document.body.append(Object.assign(new Image(), { src: 'camera/2?n=' + i, className: 'more' }))")
    await service.until(({ cameras }) => cameras[2]!.watching.filter(({ by }) => by === 'mjpeg').length === 5, 'the sixth connection is the one that tells what changes')
    here.on('requestfinished', request => { if (request.method() === 'POST') posts.push(request.url()) })
    await noteStopped(there)
    await button(here, '1', 'Stop').click()
    await says(there, '1', 'Stopped')
    await says(here, '1', 'Stopped')
    await commentOn(t)
    await button(here, '1', 'Start').waitFor()
    t.same([posts, await here.locator('#banner').isHidden(), await tile(here, '1').locator('.problem').textContent()], [[], true, ''], 'no request got through')
    await button(here, '1', 'Start').click()
    await says(there, '1', 'Running')
    await streams.close()
  })

  t.test('shows no error if the network is gone between the click and the answer, and the camera stops', async () => {
    await here.route('**/stop/1', async route => {
      await route.fetch()
      await context.setOffline(true)
      await route.abort()
    })
    await says(here, '1', 'Running')
    await button(here, '1', 'Stop').click()
    await here.getByRole('alert').getByText('camgate does not answer').first().waitFor()
    await context.setOffline(false)
    await says(here, '1', 'Stopped')
    await until('there is no error left', async () => await tile(here, '1').locator('.problem').textContent() === '')
    await button(here, '1', 'Start').click()
    await says(here, '1', 'Running')
    await here.unroute('**/stop/1')
  })

  t.test('in two tabs at once: the last one pressed wins, and both show it', async t => {
    await says(there, '1', 'Running')
    await Promise.all([button(here, '1', 'Stop').click(), button(there, '1', 'Restart').click()])
    const settled = async () => {
      const { state } = (await service.status()).cameras[1]!
      const words = await Promise.all([here, there].map(page => tile(page, '1').locator('.state').textContent()))
      return ['stopped', 'running'].includes(state) && words.every(word => word?.toLowerCase() === state)
    }
    await until('both show how it is', settled)
    t.pass('both show how it is')
  })
})

// Firefox counts a new WebSocket among the six connections until it is open, so only the socket that shows the camera is left.
t.test('the stop button in Firefox works with all connections of the browser taken by streams', { skip: noFirefox, timeout: 120_000 }, async t => {
  const service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml` })
  const firefox = await openFirefox(t)
  await firefox.open(service.url)
  const tile = (part: string) => `document.querySelector('.tile[data-id="1"] ${part}')`
  await until('the camera is shown by the socket', async () => await firefox.evaluate(`${tile('camgate-view')}?.path === 'webcodecs' && ${tile('camgate-view')}.state === 'running'`) === true, 60_000)
  await until('the page is told what changes', () => readFileSync(`${service.recording.path}.answers`, 'latin1').includes('text/event-stream'))
  await firefox.evaluate("[0, 1, 2, 3, 4, 5].forEach(i => document.body.append(Object.assign(new Image(), { src: 'camera/2?n=' + i })))")
  await service.until(({ cameras }) => cameras[2]!.watching.filter(({ by }) => by === 'mjpeg').length >= 5, 'streams have the other connections')
  await firefox.evaluate(`${tile('[data-verb="stop"]')}.click()`)
  await service.until(({ cameras }) => cameras[1]!.state === 'stopped', 'it is stopped')
  await until('the page says so', async () => await firefox.evaluate(`${tile('.state')}.textContent`) === 'Stopped', 20_000)
  t.equal(await firefox.evaluate(`${tile('.problem')}.textContent`), '')
})
