import t from 'tap'
import { noBrowser, openBrowser } from './browser.js'
import { startApplication } from './proxies/application.js'
import { password, startGuarded } from './proxies/guarded.js'
import { missing, Proxy } from './proxies/proxy.js'
import { samples } from './proxies/samples.js'
import { until } from './until.js'

const NAME = 'nginx-auth-request.conf'

t.test('the page beside an application, in a browser', { skip: noBrowser || missing(samples[NAME]!), timeout: 120_000 }, async t => {
  const camgate = await startGuarded(t)
  const application = await startApplication(t)
  const proxy = await Proxy.start(t, NAME, 'path', { camgate: camgate.port, application: application.port })
  const browser = await openBrowser([`--host-resolver-rules=MAP ${proxy.host}:443 127.0.0.1:${proxy.port}, MAP * ~NOTFOUND`])
  t.teardown(() => browser.close())
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
  page.on('console', message => { if (/Content Security Policy/.test(message.text())) t.fail(message.text()) })
  const address = `https://${proxy.host}/camgate/`
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

  t.test('leads to the application\'s login', async t => {
    await page.goto(address)
    t.equal(page.url(), `https://${proxy.host}/accounts/login/?next=/camgate/`)
  })

  t.test('shows the cameras of the one who has logged in, by HTTP/2', async t => {
    await context.addCookies([{ name: 'session', value: 'anna', url: address }])
    await page.goto(address)
    await page.locator('.tile[data-id="1"][data-picture="live"]').waitFor()
    t.equal(await page.locator('.tile').count(), 1)
    t.equal(await page.evaluate('performance.getEntriesByType("navigation")[0].nextHopProtocol'), 'h2')
  })

  t.test('stops and starts one', async () => {
    await press('Stop')
    await until('it is stopped', async () => (await camgate.status()).cameras['1']!.state === 'stopped')
    await press('Start')
    await until('it runs', () => camgate.running('1'))
  })

  t.test('enlarges one, by a WebSocket', async () => {
    const watching = async () => (await camgate.status()).cameras['1']!.watching.map(({ by }) => by)
    await page.locator('a.picture').click()
    await until('it plays', async () => await page.evaluate("document.querySelector('#enlarged camgate-view')?.state") === 'running', 20_000)
    await until('the tile rests', async () => (await watching()).join() === 'wall')
    await press('Close')
    await until('it is closed', async () => await page.locator('#enlarged camgate-view').count() === 0)
  })
})

const PLAIN = 'nginx.conf'

t.test('the page behind an nginx that passes no WebSockets on shows MJPEG within seconds, and why', { skip: noBrowser || missing(samples[PLAIN]!), timeout: 90_000 }, async t => {
  const camgate = await startGuarded(t)
  const proxy = await Proxy.start(t, PLAIN, 'root', { camgate: camgate.port, application: camgate.port }, text => text.replace(/^\s*proxy_set_header (Upgrade|Connection) .*$/gm, ''))
  const browser = await openBrowser([`--host-resolver-rules=MAP ${proxy.host}:443 127.0.0.1:${proxy.port}, MAP * ~NOTFOUND`])
  t.teardown(() => browser.close())
  const page = await browser.newPage({ ignoreHTTPSErrors: true })
  await page.goto(`https://${proxy.host}/`)
  await page.getByLabel('User').fill('anna')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await until('MJPEG is shown', async () => await page.evaluate("document.querySelector('camgate-view')?.path === 'img' && document.querySelector('camgate-view').state === 'running'"), 30_000)
  t.match(await page.evaluate("document.querySelector('camgate-view').reason"), /^No WebSocket gets through/)
  await page.locator('.tile[data-id="1"][data-picture="live"]').waitFor()
})
