import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import t from 'tap'
import { noBrowser, openBrowser } from './browser.js'
import { GATE, hashOf, passwordOf, startClosed } from './closed-service.js'
import { listenOnLoopback } from './loopback-server.js'
import { until } from './until.js'

const SCRIPT = '<img src=x onerror="window.taken=1">'
const USER = '<script>window.taken=1</script>'

t.test('the page, in Chromium', { skip: noBrowser, timeout: 120_000 }, async t => {
  const { service, status } = await startClosed(t, {
    users: { [USER]: { password: hashOf(passwordOf(USER)), right: 'control' } },
    cameras: { odd: { name: SCRIPT, source: 'http://127.0.0.1:9/' } }
  })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  const logIn = async () => {
    await page.getByLabel('User').fill(USER)
    await page.getByLabel('Password').fill(passwordOf(USER))
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.locator('.tile[data-id="odd"]').waitFor()
  }

  t.test('runs no script from the name of a camera or user, or from an address (go2rtc CVE-2024-29191, CVE-2024-29193)', async t => {
    const written = encodeURIComponent(SCRIPT)
    await page.goto(`${service.url}?src=${written}&name=${written}#camera/${written}`)
    await logIn()
    await until('the failure is shown', async () => /refuses|answer/.test(await page.locator('.tile[data-id="odd"]').textContent() ?? ''), 20_000)
    await page.locator('.tile[data-id="odd"] a.picture').click()
    await page.locator('dialog[open]').waitFor()
    t.match(await page.locator('.tile[data-id="odd"]').textContent(), SCRIPT, 'the name is text')
    t.equal(await page.locator('#account .user').textContent(), USER)
    t.equal(await page.locator('img[onerror], body script').count(), 0)
    t.equal(await page.evaluate('typeof window.taken'), 'undefined')
    t.same(asked.filter(url => /\/x$/.test(new URL(url).pathname)), [])
  })

  t.test('has no password, session or token in its address, its history, its storage or the addresses that it asks for', async t => {
    const [cookie] = await context.cookies()
    const proofs = [cookie!.value, passwordOf(USER), Buffer.from(`${USER}:${passwordOf(USER)}`).toString('base64')]
    const found = async () => {
      const text = await traces(page, asked)
      return proofs.filter(proof => text.includes(proof) || text.includes(encodeURIComponent(proof)))
    }
    t.match(cookie, { httpOnly: true, sameSite: 'Strict' })
    t.same(await found(), [])
    await page.reload()
    await page.locator('.tile').first().waitFor({ state: 'attached' }) // an enlarged picture may hide it
    t.same(await found(), [], 'nor after a reload')
    await page.evaluate(`history.pushState(null, '', '#${cookie!.value}')`)
    await page.evaluate("history.pushState(null, '', '#')")
    t.same(await found(), [cookie!.value], 'the search would find one')
  })

  t.test('does nothing for the page of another site or of another port, though it is logged in (CSRF, wildcard CORS with credentials)', async t => {
    const attackers = await listenOnLoopback(t, createServer((_request, response) => { response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>attack</title>') }))
    const running = async () => (await status()).cameras[GATE.id]!.state === 'running'
    const attack = await context.newPage()
    for (const host of ['localhost', '127.0.0.1']) { // to browsers, a port is no other site: the cookie is sent along
      await attack.goto(`http://${host}:${attackers}/`)
      const ask = (path: string, options: string) => attack.evaluate(`fetch("${service.url}${path}", { credentials: "include", ${options} }).then(async answer => answer.type + " " + await answer.text(), () => "refused")`)
      for (const path of [`stop/${GATE.id}`, `restart/${GATE.id}`, 'session', 'sessions/revoke']) t.equal(await ask(path, 'method: "POST", mode: "no-cors"'), 'refused', `${host} ${path}`)
      t.equal(await ask(`stop/${GATE.id}`, 'mode: "no-cors"'), 'refused')
      t.equal(await ask('session', 'method: "DELETE"'), 'refused')
      for (const path of ['status', 'session', `camera/${GATE.id}/snapshot`]) t.equal(await ask(path, ''), 'refused', `${host} reads no ${path}`)
      await attack.evaluate(`document.body.innerHTML = '<iframe name="f"></iframe><form method="post" target="f" action="${service.url}stop/${GATE.id}"></form>'; document.forms[0].submit()`)
      await attack.frame('f')!.waitForURL(/stop/).catch(() => {})
      t.ok(await running(), host)
    }
    t.equal(await page.evaluate(`fetch("stop/${GATE.id}", { method: "POST" }).then(answer => answer.status)`), 200, 'still logged in, the own page may')
    t.notOk(await running())
  })
})

/** All that a page leaves where another person at this browser, or a script, could find it. */
async function traces (page: Page, asked: readonly string[]): Promise<string> {
  const history = await (await page.context().newCDPSession(page)).send('Page.getNavigationHistory')
  const kept = await page.evaluate('JSON.stringify([location.href, history.state, { ...localStorage }, { ...sessionStorage }, document.cookie, document.title, performance.getEntries().map(({ name }) => name), window.name, document.documentElement.outerHTML])')
  return JSON.stringify([history, kept, asked])
}
