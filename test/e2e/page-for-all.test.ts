import type { Page } from 'playwright-core'
import t from 'tap'
import { noViolations } from './axe.js'
import { noBrowser } from './browser.js'
import { camera } from './stand-in.js'
import { LIVE, numbered, pageTester, tile } from './stand-in-page.js'
import { until } from './until.js'

const EVIL = '<img src=x onerror="window.taken=1"><script>window.taken=1</script>'
const AUTH = { code: 'auth' as const, message: 'The camera refused the password.', since: new Date(Date.now() - 7_200_000).toISOString() }
const serve = pageTester(t)
const inAllStates = () => ({
  1: camera('Entrance'),
  2: camera('Barn', { state: 'waiting', failure: AUTH, nextRetryAt: new Date(Date.now() + 90_000).toISOString(), address: 'rtsp://192.0.2.7/live', simulated: true }),
  3: camera('Yard', { state: 'stopped' }),
  4: camera('Lab', { state: 'idle' }),
  5: camera('مدخل المبنى', { state: 'starting' })
})
const ids = (page: Page) => page.locator('.tile:visible').evaluateAll(tiles => tiles.map(tile => (tile as unknown as { dataset: { id: string } }).dataset.id))

t.test('the page has no fault that axe-core finds (WCAG 2.2 AA)', { skip: noBrowser }, async t => {
  const { service, open } = await serve(t, inAllStates())
  const page = await open()
  await page.locator(LIVE).first().waitFor()
  await noViolations(t, page, 'running, waiting, stopped, idle and starting')
  await tile(page, '2').locator('.more').click()
  await noViolations(t, page, 'the menu')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await noViolations(t, page, 'the keys')
  await page.keyboard.press('Escape')
  await tile(page, '2').locator('.picture').click()
  await page.getByRole('dialog').getByText('Addresses').click()
  await noViolations(t, page, 'one camera')
  const answer = service.hold('GET /diagnosis/2')
  service.refuse('GET /diagnosis/2', 200, {
    id: '2', askedAt: null, report: null, findings: [{ level: 'error', about: 'camera 2', code: 'auth', what: `It refuses ${EVIL}`, why: null, todo: ['Correct the password.'] }]
  })
  await page.locator('#enlarged .why').click()
  await page.getByText('Looking at the camera').waitFor()
  answer()
  await page.locator('#diagnosis').getByText('Correct the password.').waitFor()
  t.match(await page.locator('#diagnosis').textContent(), 'Why Barn is black')
  t.match(await page.locator('#diagnosis .findings p').textContent(), EVIL, 'as text')
  await noViolations(t, page, 'why it is black')
  await page.keyboard.press('Escape')
  await page.locator('#diagnosis').waitFor({ state: 'hidden' })
  await page.keyboard.press('Escape')
  t.same(await page.locator('.tile:has(.why:visible)').evaluateAll(tiles => tiles.map(tile => (tile as unknown as { dataset: { id: string } }).dataset.id)), ['2', '5'], 'for cameras that should show a picture')
  await page.setViewportSize({ width: 390, height: 844 })
  await noViolations(t, page, 'a phone')
  await page.setViewportSize({ width: 700, height: 350 })
  await page.locator('.cameras[data-dense="true"]').waitFor()
  await noViolations(t, page, 'small tiles')
  await service.stop()
  await page.locator('#banner').waitFor()
  await noViolations(t, page, 'no answer')
  await service.start()
  await page.goto(`${service.url}?kiosk`)
  await page.locator(LIVE).first().waitFor()
  await noViolations(t, page, 'a kiosk')
  service.session = { ...service.session, right: null, cameras: [], login: true }
  await page.goto(`${service.url}?login`)
  await page.locator('#login').waitFor()
  await noViolations(t, page, 'the login')
})

t.test('nothing that others have named becomes markup', { skip: noBrowser }, async t => {
  const { service, open, context } = await serve(t, { 1: camera(EVIL, { state: 'waiting', failure: { ...AUTH, message: EVIL }, address: EVIL }), 2: camera(`${'long '.repeat(100)}\u202e`) }, { context: { permissions: ['clipboard-read', 'clipboard-write'] } })
  const page = await open(`?${encodeURIComponent(EVIL)}#camera/${encodeURIComponent(EVIL)}`)
  const other = await context.newPage()
  await other.goto(service.url)
  t.match(await other.evaluate("try { document.body.innerHTML = '<b>' } catch (error) { error.name }"), 'TypeError', 'Trusted Types would stop it, too')
  await other.close()
  service.refuse('POST /start/1', 500, { code: EVIL, message: EVIL })
  await tile(page, '1').getByRole('button', { name: 'Retry now' }).click()
  await tile(page, '1').getByRole('alert').getByText(EVIL).waitFor()
  await tile(page, '1').locator('.more').click()
  await page.getByRole('menuitem', { name: 'Copy <img>' }).click()
  await page.getByText('Copied').waitFor()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), `<img src="${service.url}camera/1">`)
  await tile(page, '1').locator('.picture').focus()
  await page.keyboard.press('Shift+ArrowRight')
  t.equal(await page.locator('#said').textContent(), `${EVIL} is now number 2 of 2`)
  await tile(page, '1').locator('.picture').click()
  await page.getByRole('dialog').getByText('No picture').or(page.getByRole('dialog').getByText('Nothing is known')).first().waitFor()
  t.equal(await page.locator('#enlarged .name').textContent(), EVIL)
  t.equal(await page.locator('img[src="x"]').count(), 0)
  t.equal(await page.locator('script').evaluateAll(scripts => scripts.filter(({ textContent }) => textContent?.includes('taken')).length), 0, 'the page has scripts of its own')
  t.equal(await page.evaluate('typeof window.taken'), 'undefined')
  await page.keyboard.press('Escape')
  const box = (await tile(page, '2').locator('.name').boundingBox())!
  t.ok(box.height < 40 && box.width < 640, 'a long name takes one line')
})

t.test('the wall', { skip: noBrowser }, async t => {
  t.test('is arranged by dragging and by keys, and stays so', async t => {
    const { open } = await serve(t, numbered(4))
    const page = await open()
    await tile(page, '4').dragTo(tile(page, '1'))
    t.same(await ids(page), ['4', '1', '2', '3'])
    await tile(page, '4').locator('.picture').focus()
    await page.keyboard.press('Shift+ArrowRight')
    t.same(await ids(page), ['1', '4', '2', '3'])
    t.equal(await page.evaluate('document.activeElement.closest(".tile").dataset.id'), '4', 'it keeps the focus')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('+')
    const width = async (id: string) => (await tile(page, id).boundingBox())!.width
    t.ok(await width('2') > 1.9 * await width('1'))
    await page.reload()
    await page.locator('.tile').first().waitFor()
    t.same(await ids(page), ['1', '4', '2', '3'])
    t.ok(await width('2') > 1.9 * await width('1'))
  })

  t.test('fits the screen, whose page does not scroll', async t => {
    const { open } = await serve(t, numbered(9))
    const page = await open()
    const scrolls = () => page.evaluate('document.documentElement.scrollHeight > window.innerHeight')
    for (const [width, height] of [[1280, 720], [1920, 1080], [900, 1200]] as const) {
      await page.setViewportSize({ width, height })
      await until('all tiles fit', async () => await scrolls() === false)
    }
    await page.getByRole('button', { name: 'Larger tiles' }).click()
    t.equal(await scrolls(), true)
    await page.getByRole('button', { name: 'Fit the screen' }).click()
    t.equal(await scrolls(), false)
  })

  t.test('and one of its tiles fill the screen', async t => {
    const { open } = await serve(t, numbered(4))
    const page = await open()
    const full = () => page.evaluate('document.fullscreenElement?.closest(".tile, main").dataset.id ?? document.fullscreenElement?.id')
    await tile(page, '2').locator('.picture').focus()
    await page.keyboard.press('f')
    await until('the tile fills the screen', async () => await full() === '2')
    await page.evaluate('document.exitFullscreen()')
    await page.getByRole('button', { name: 'Full screen' }).click()
    await until('the wall fills the screen', async () => await full() === 'main')
    await page.locator('.cameras[data-bare]').waitFor()
  })

  t.test('shows the cameras that its viewer looks for', async t => {
    const { open } = await serve(t, { ...numbered(5), barn: camera('Scheune', { state: 'stopped' }) })
    const page = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('SCHEU')
    t.same(await ids(page), ['barn'])
    await page.keyboard.press('Escape')
    t.equal((await ids(page)).length, 6)
    await page.getByLabel('Show').selectOption('In trouble')
    await page.getByText('No camera matches the filter.').waitFor()
    await page.getByLabel('Show').selectOption('Stopped')
    t.same(await ids(page), ['barn'])
  })

  t.test('on a kiosk has pictures only, and keeps the screen on', async t => {
    const { service, open, context } = await serve(t, numbered(4))
    await context.addInitScript("Object.defineProperty(navigator, 'wakeLock', { value: { request: async kind => { window.kept = kind } } })")
    const page = await open('?kiosk')
    await page.locator(LIVE).first().waitFor()
    t.equal(await page.evaluate('window.kept'), 'screen')
    t.same(await page.locator('button:visible, select:visible, input:visible, a[href]:visible').count(), 0)
    const { width, height } = (await tile(page, '1').boundingBox())!
    t.match({ width: Math.round(width), height: Math.round(height) }, { width: 638, height: 358 }, 'four share the screen')
    await page.goto(`${service.url}?kiosk#camera/3`)
    await page.locator('.cameras[data-columns="1"]').waitFor()
    t.same(await ids(page), ['3'])
    t.equal(await page.locator('dialog[open]').count(), 0)
  })

  t.test('speaks the language of the browser, or the one that is chosen', async t => {
    const { open } = await serve(t, inAllStates(), { context: { locale: 'ru-RU' } })
    const page = await open()
    await tile(page, '1').getByText('Работает').waitFor()
    await tile(page, '2').getByText(/^Имитация: Камера просит имя и пароль/).waitFor()
    t.equal(await page.title(), 'работают 1 из 5, 1 учебная неполадка · camgate')
    t.equal(await page.getByRole('searchbox').getAttribute('placeholder'), 'Найти камеру')
    await page.getByLabel('Язык').selectOption('Español')
    await tile(page, '1').getByText('En marcha').waitFor()
    await page.reload()
    await tile(page, '3').getByText('Detenida', { exact: true }).waitFor()
    t.equal(await page.evaluate('document.documentElement.lang'), 'es')
  })
})
