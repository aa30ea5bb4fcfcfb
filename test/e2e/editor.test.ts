import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { noViolations } from './axe.js'
import { noBrowser, openBrowser } from './browser.js'
import { startService } from './service.js'
import { until } from './until.js'

const yaml = `cameras:
  # by the road
  gate: { name: Gate, source: { type: simulated } }   # stays
  yard: { name: "Yard", source: { type: simulated, codec: mjpeg } }
`
const fileFor = (t: Test) => `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml`

t.test('the page\'s editor', { skip: noBrowser }, async t => {
  const config = fileFor(t)
  const service = await startService(t, { config })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const open = async (): Promise<Page> => {
    const page = await browser.newPage({ locale: 'en' })
    page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
    page.on('console', message => { if (/Content Security Policy/.test(message.text())) t.fail(message.text()) })
    await page.goto(service.url)
    await page.locator('.tile').first().waitFor()
    return page
  }
  const page = await open()
  const editor = page.getByRole('dialog', { name: /^(Add camera|Edit)/ })
  const confirmation = page.getByRole('alertdialog')
  const save = () => editor.getByRole('button', { name: 'Save' }).click()
  const field = (name: string) => editor.getByLabel(name, { exact: true })
  const menu = async (id: string, item: string) => {
    await page.locator(`.tile[data-id="${id}"] .more`).click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  const isNow = (text: string) => until('the file is written', () => readFileSync(config, 'utf8') === text)
  const shed = '  shed:\n    source: { type: simulated }\n    name: Shed\n'

  await t.test('adds a camera, which shows its picture', async t => {
    await page.getByRole('button', { name: 'Add camera' }).click()
    await field('Address').fill('rtsp://127.0.0.1:9/live')
    await editor.getByRole('button', { name: 'Test' }).click()
    const tested = editor.locator('.tested')
    await until('the test has an answer', async () => /^Nothing answers at 127\.0\.0\.1, port 9/.test(await tested.innerText()))
    await field('Address').fill('{"type":"simulated"}')
    await save()
    const fault = editor.locator('[data-key="id"] .problem')
    t.match(await fault.innerText(), /letters, digits/, 'an id is needed')
    await field('Id').fill('Tool shed')
    await save()
    t.match(await fault.innerText(), /letters, digits/, 'no spaces')
    await field('Id').fill('shed')
    await field('Name').fill('Shed')
    await noViolations(t, page, 'a new camera')
    await save()
    await page.locator('.tile[data-id="shed"][data-picture="live"]').waitFor()
    t.equal(readFileSync(config, 'utf8'), yaml + shed)
  })

  await t.test('says beside a field what is wrong with it, and never loses what was typed', async t => {
    await menu('shed', 'Edit')
    await editor.getByText('More settings').click()
    t.equal(await field('fps').getAttribute('placeholder'), 'Default: 20')
    await field('fps').fill('99')
    await save()
    const fault = editor.locator('[data-key="fps"] .problem')
    await until('the fault is shown', async () => await fault.innerText() === 'expected a number above 0 and up to 60, received 99')
    t.equal(await page.evaluate('document.activeElement.id'), 'editor-fps')
    t.equal(await field('fps').getAttribute('aria-invalid'), 'true')
    await noViolations(t, page, 'a fault')
    await page.keyboard.press('Escape')
    await noViolations(t, page, 'a question')
    await confirmation.getByRole('button', { name: 'Keep editing' }).click()
    t.equal(await field('fps').inputValue(), '99')
    await field('fps').fill('5')
    await save()
    await isNow(`${yaml}${shed}    fps: 5\n`)
    await editor.waitFor({ state: 'hidden' })
    await service.until(({ cameras }) => cameras.shed?.fpsLimit === 5, 'it is in force')
  })

  await t.test('keeps both of two changes at the same time', async t => {
    await menu('shed', 'Edit')
    await field('Name').fill('Tool shed')
    const seen = await (await fetch(`${service.url}config/cameras/shed`)).json() as { etag: string }
    const other = await fetch(`${service.url}config/cameras/shed`, { method: 'PATCH', headers: { 'If-Match': `"${seen.etag}"` }, body: '{"fps":7}' })
    t.equal(other.status, 200)
    await save()
    await editor.getByText('Somebody else has changed this camera').waitFor()
    t.equal(await field('Name').inputValue(), 'Tool shed')
    await save()
    await isNow(`${yaml}${shed.replace('Shed', 'Tool shed')}    fps: 7\n`)
  })

  await t.test('shows what to write where the file cannot be written', async () => {
    await page.route('**/config/cameras/gate', async route => {
      if (route.request().method() === 'GET') await route.continue()
      else await route.fulfill({ status: 409, json: { statusCode: 409, code: 'NOT_WRITABLE', message: 'It is mounted read-only.', yaml: 'cameras:\n  gate:\n' } })
    })
    await menu('gate', 'Edit')
    await field('Name').fill('North gate')
    await save()
    await editor.getByText('It is mounted read-only.').waitFor()
    await editor.getByText('cameras:\n  gate:\n').waitFor()
    await editor.getByRole('button', { name: 'Cancel' }).click()
    await confirmation.getByRole('button', { name: 'Discard' }).click()
    await editor.waitFor({ state: 'hidden' })
  })

  await t.test('removes a camera, once that is confirmed', async t => {
    await page.locator('.tile[data-id="shed"] a.picture').click()
    const enlarged = page.locator('#enlarged')
    await enlarged.getByRole('button', { name: 'Remove' }).click()
    await confirmation.getByRole('button', { name: 'Cancel' }).click()
    t.match(readFileSync(config, 'utf8'), /shed/)
    await enlarged.getByRole('button', { name: 'Remove' }).click()
    await confirmation.getByRole('button', { name: 'Remove' }).click()
    await page.locator('.tile[data-id="shed"]').waitFor({ state: 'detached' })
    await isNow(yaml)
  })

  await t.test('is for administrators only', async t => {
    const session = await (await fetch(`${service.url}session`)).json() as object
    await page.route('**/session', route => route.fulfill({ json: { ...session, right: 'control' } }))
    await page.reload()
    await page.locator('.tile').first().waitFor()
    t.notOk(await page.getByRole('button', { name: 'Add camera' }).isVisible())
    await page.locator('.tile[data-id="gate"] .more').click()
    t.equal(await page.getByRole('menuitem', { name: 'Edit' }).count(), 0)
  })
})
