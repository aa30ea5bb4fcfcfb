import type { Browser, BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { hashPassword } from '../../src/logins/password.js'
import { basicAuth } from '../passwords.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { prefixProxy } from './prefix-proxy.js'
import { startService, type Service, type ServiceStatus } from './service.js'
import { camera, StandIn } from './stand-in.js'
import { until } from './until.js'

const yaml = `
server:
  auth:
    users:
      anna: { password: "\${ANNA}", cameras: [1] }
      ben: { password: "\${BEN}", right: control }
cameras:
  1: { name: Entrance, source: { type: simulated } }
  2: { name: Yard, source: { type: simulated, codec: mjpeg } }
`
const passwords = { anna: secret('horse'), ben: secret('bättery: staple') }

let browser: Browser
let service: Service
t.before(async () => {
  if (noBrowser !== false) return
  browser = await openBrowser()
  const env = { ANNA: await hashPassword(passwords.anna), BEN: await hashPassword(passwords.ben) }
  service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml`, env })
})
t.teardown(async () => { await browser?.close() })

/** A tab of a browser that has never been here. */
async function open (t: Test, url = service.url): Promise<{ page: Page, context: BrowserContext }> {
  const context = await browser.newContext()
  t.teardown(() => context.close())
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
  page.on('console', message => { if (/Content Security Policy/.test(message.text())) t.fail(message.text()) })
  await page.goto(url)
  return { page, context }
}

async function logIn (page: Page, user: keyof typeof passwords | 'nobody', password = user === 'nobody' ? '' : passwords[user]) {
  await page.getByLabel('User').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

const tile = (page: Page, id: string) => page.locator(`.tile[data-id="${id}"]`)
const form = (page: Page) => page.locator('#login')
const status = async () => {
  return await (await fetch(`${service.url}status`, { headers: { authorization: basicAuth('ben', passwords.ben) } })).json() as ServiceStatus
}

t.test('the page of a camgate with users', { skip: noBrowser }, async t => {
  t.test('asks for a user and a password, and shows nothing until they are right', async t => {
    const { page, context } = await open(t)
    await form(page).waitFor()
    t.equal(await page.title(), 'Log in · camgate')
    t.equal(await page.locator('.tile').count(), 0)
    t.same(await page.evaluate('[...document.querySelectorAll("#login input")].map(input => input.autocomplete)'), ['username', 'current-password'])
    await logIn(page, 'anna', secret('wrong'))
    await form(page).getByText('The user or the password is wrong.').waitFor()
    t.equal(await page.locator('#banner').isVisible(), false, 'camgate does answer')
    await logIn(page, 'anna')
    await page.locator('.tile[data-id="1"][data-picture="live"]').waitFor()
    t.equal(await form(page).isVisible(), false)
    const [cookie] = await context.cookies()
    t.match(cookie, { name: `camgate_${new URL(service.url).port}`, httpOnly: true, sameSite: 'Strict', path: '/', secure: false })
    t.equal(await page.evaluate('document.cookie'), '')
    await page.reload()
    await page.locator('.tile[data-id="1"][data-picture="live"]').waitFor()
  })

  t.test('shows somebody with the right view their cameras alone, without buttons', async t => {
    const { page } = await open(t)
    await logIn(page, 'anna')
    await tile(page, '1').waitFor()
    t.equal(await page.locator('.tile').count(), 1)
    t.notMatch(await page.content(), /Yard/)
    t.same(await tile(page, '1').getByRole('button').evaluateAll(buttons => buttons.map(button => button.ariaLabel)), ['More: Entrance'])
    t.equal(await page.locator('#account .user').textContent(), 'anna')
    await tile(page, '1').locator('a.picture').click()
    await page.locator('#enlarged camgate-view').waitFor()
    t.equal(await page.locator('#enlarged .controls').isVisible(), false)
  })

  t.test('lets somebody with the right control stop and start', async t => {
    const { page } = await open(t)
    await logIn(page, 'ben')
    await tile(page, '2').getByText('Running', { exact: true }).waitFor()
    t.equal(await page.locator('.tile').count(), 2)
    await tile(page, '2').getByRole('button', { name: 'Stop' }).click()
    await tile(page, '2').getByText('Stopped', { exact: true }).waitFor()
    t.equal((await status()).cameras[2]!.state, 'stopped')
    await tile(page, '2').getByRole('button', { name: 'Start', exact: true }).click()
    await tile(page, '2').getByText('Running', { exact: true }).waitFor()
  })

  t.test('ends its stream and shows nothing of the cameras after a logout', async t => {
    const { page } = await open(t, `${service.url}#camera/1`)
    await logIn(page, 'anna')
    await page.locator('#enlarged camgate-view').waitFor()
    await until('it streams', async () => (await status()).cameras[1]!.viewers > 0)
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Log out' }).click()
    await form(page).waitFor()
    t.equal(await page.locator('.tile').count(), 0)
    t.equal(await page.locator('#account').isVisible(), false)
    await until('nobody watches', async () => (await status()).cameras[1]!.viewers === 0)
    await page.reload()
    await form(page).waitFor()
  })

  t.test('says to somebody who has answered the browser\'s own prompt that only the browser can forget the password', async t => {
    const { page } = await open(t, Object.assign(new URL('status', service.url), { username: 'anna', password: passwords.anna }).href)
    await page.goto(service.url)
    await tile(page, '1').waitFor()
    t.equal(await page.locator('#account .user').innerText(), 'anna')
    await page.getByText('To log out, close the browser').waitFor()
    t.equal(await page.getByRole('button', { name: 'Log out' }).isVisible(), false)
  })

  t.test('asks again when the session has ended meanwhile, also in another tab', async t => {
    const { page, context } = await open(t, `${service.url}#camera/1`)
    await logIn(page, 'anna')
    await page.locator('#enlarged camgate-view').waitFor()
    const other = await context.newPage()
    await other.goto(service.url)
    await tile(other, '1').waitFor()
    const [cookie] = await context.cookies()
    const ended = await fetch(`${service.url}session`, { method: 'DELETE', headers: { cookie: `${cookie!.name}=${cookie!.value}` } })
    t.equal(ended.status, 200)
    for (const each of [page, other]) {
      await form(each).waitFor()
      t.equal(await each.locator('#banner').isVisible(), false)
      t.equal(await each.locator('.tile').count(), 0)
      t.equal(await each.locator('#enlarged').isVisible(), false)
    }
    await until('its stream has ended', async () => (await status()).cameras[1]!.viewers === 0)
    await logIn(page, 'anna')
    await page.locator('#enlarged camgate-view').waitFor()
    t.pass('the enlarged camera is shown again')
    await tile(other, '1').waitFor()
    t.pass('the other tab goes on')
  })

  t.test('logs in behind a proxy\'s path', async t => {
    const { page } = await open(t, `${await prefixProxy(t, service.url, '/cams/')}/cams/`)
    await logIn(page, 'anna')
    await page.locator('.tile[data-id="1"][data-picture="live"]').waitFor()
    await page.getByRole('button', { name: 'Log out' }).click()
    await form(page).waitFor()
  })

  t.test('says how long to wait after too many wrong passwords', async t => {
    const { page } = await open(t)
    const button = page.getByRole('button', { name: 'Log in' })
    await form(page).waitFor()
    const refused = form(page).getByText(/^Too many wrong passwords came from this address: wait, then try again\. \(\d s\)$/)
    for (let i = 0; i < 10 && !await refused.isVisible(); i++) {
      await Promise.all([page.waitForResponse(answer => answer.request().method() === 'POST'), logIn(page, 'nobody', secret(`guess${i}`))])
    }
    await refused.waitFor()
    t.equal(await button.isDisabled(), true)
    await until('it may be tried again', async () => await button.isEnabled())
    t.equal(await form(page).locator('.problem').textContent(), '')
    await logIn(page, 'anna')
    await tile(page, '1').waitFor()
    t.match(service.log.filter(({ msg }) => /wrong password/.test(msg)).map(({ msg }) => msg)[0], /^\d+ wrong passwords? from 127\.0\.0\.1$/)
  })
})

t.test('the page of a camgate where nobody logs in', { skip: noBrowser }, async t => {
  const standIn = new StandIn({ 1: camera('Entrance') }, Buffer.alloc(0))
  await standIn.start()
  t.teardown(() => standIn.stop())

  t.test('shows a stranger neither cameras nor a form', async t => {
    standIn.session = { user: null, right: null, cameras: [], login: false, logout: false, basic: false }
    const { page } = await open(t, standIn.url)
    await page.getByText('camgate does not know you.').waitFor()
    t.equal(await form(page).isVisible(), false)
    t.equal(standIn.times('GET /status'), 1, 'what would be refused is asked only once, before that is known')
    standIn.session = { user: 'proxied', right: 'view', cameras: 'all', login: false, logout: false, basic: false }
    await tile(page, '1').waitFor()
    t.equal(await page.getByText('camgate does not know you.').isVisible(), false)
    t.equal(await page.locator('#account').innerText(), 'proxied', 'a user whom a proxy names logs out there')
  })

  t.test('shows everybody the cameras, and no name', async t => {
    standIn.session = { user: null, right: 'control', cameras: 'all', login: false, logout: false, basic: false }
    const { page } = await open(t, standIn.url)
    await tile(page, '1').getByRole('button', { name: 'Stop' }).waitFor()
    t.equal(await page.locator('#account').isVisible(), false)
  })

  t.test('leaves nothing of a diagnosis on the page when the viewer may not see the camera any longer', async t => {
    standIn.session = { user: 'ben', right: 'control', cameras: 'all', login: true, logout: true, basic: false }
    standIn.cameras[1] = camera('Entrance', { state: 'waiting', failure: { code: 'auth', message: 'The camera refused the password.', since: new Date().toISOString() } })
    standIn.refuse('GET /diagnosis/1', 200, { id: '1', askedAt: null, report: null, findings: [{ level: 'error', about: 'camera 1', code: 'auth', what: 'It refuses.', why: null, todo: ['Correct the password.'] }] })
    const { page } = await open(t, standIn.url)
    await tile(page, '1').locator('.why').click()
    const dialog = page.locator('#diagnosis')
    await dialog.getByText('Correct the password.').waitFor()
    standIn.session = { ...standIn.session, user: null, right: null, cameras: [] }
    standIn.refuse('GET /status', 401, { code: 'UNAUTHORIZED', message: 'Log in first.' })
    await form(page).waitFor()
    t.equal(await dialog.isVisible(), false)
    t.notMatch(await dialog.textContent(), /Entrance|password/)
  })
})
