import type { Page } from 'playwright-core'
import t from 'tap'
import { noBrowser } from './browser.js'
import { camera } from './stand-in.js'
import { button, LIVE, numbered, pageTester, tile } from './stand-in-page.js'
import { decoderStatus, inputStatus } from '../status.js'
import { until } from './until.js'

const AUTH = { code: 'auth' as const, message: 'The camera refused the password.', since: new Date(Date.now() - 7_200_000).toISOString() }
const GREYED = '[data-picture="old"]'

const serve = pageTester(t)

/** Simulates hiding or showing a tab, because Playwright's pages are all visible at once. */
const setHidden = (page: Page, hidden: boolean) => page.evaluate(`
  Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))`)

t.test('every camera', { skip: noBrowser }, async t => {
  t.test('has its picture, its name and its state in words', async t => {
    const { open } = await serve(t, {
      1: camera('Entrance'),
      2: camera('Barn', { state: 'waiting', failure: AUTH, nextRetryAt: new Date(Date.now() + 90_000).toISOString() }),
      lab: camera('Lab', { state: 'idle' })
    })
    const page = await open()
    await page.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    await tile(page, '1').getByText('Running').waitFor()
    await tile(page, '1').getByText('20 fps · 1 live stream').waitFor()
    await tile(page, '2').getByText('Waiting').waitFor()
    await tile(page, '2').getByText(AUTH.message).waitFor()
    t.match(await tile(page, '2').locator('.detail time').textContent(), /\(2 h\)/)
    await tile(page, '2').getByText(/next try in 1 min 2\d s/).waitFor()
    await tile(page, 'lab').getByText('Asleep').waitFor()
    t.equal(await page.title(), '1 of 3 running, 1 in trouble · camgate')
  })

  t.test('may have markup in its name or message, which is shown as text', async t => {
    const evil = '<img src=x onerror="document.title=1"><b>x</b>'
    const { open } = await serve(t, { 1: camera(evil, { state: 'waiting', failure: { ...AUTH, message: evil } }) })
    const page = await open()
    t.equal(await tile(page, '1').locator('.name').textContent(), evil)
    t.equal(await tile(page, '1').locator('.reason').textContent(), evil)
    t.equal(await tile(page, '1').locator('img, b').count(), 0)
  })

  t.test('shows its address while it fails, and always when enlarged', async t => {
    const address = 'rtsp://192.168.1.20:554/Streaming/Channels/102'
    const { service, open } = await serve(t, { 1: camera('Entrance', { state: 'waiting', failure: AUTH, address }) })
    const page = await open()
    await tile(page, '1').getByText(address).waitFor()
    Object.assign(service.cameras['1'] ?? {}, { state: 'running', failure: null })
    await tile(page, '1').getByText(address).waitFor({ state: 'hidden' })
    await tile(page, '1').locator('.picture').click()
    await page.locator('#enlarged').getByText(address).waitFor()
  })

  t.test('that stops running keeps its last picture, greyed, with the reason on it', async t => {
    const { service, open } = await serve(t, { 1: camera('Entrance') })
    const page = await open()
    await page.locator(`.tile${LIVE}`).waitFor()
    Object.assign(service.cameras['1'] ?? {}, { state: 'waiting', failure: AUTH })
    await page.locator(`.tile${GREYED}`).getByText(AUTH.message).waitFor()
  })

  t.test('whose decoder fails keeps its last picture, greyed, with the decoder\'s sentence on it', async t => {
    const { service, open } = await serve(t, { 1: camera('Entrance', { decoder: decoderStatus }) })
    const page = await open()
    await page.locator(`.tile${LIVE}`).waitFor()
    const failure = { ...AUTH, code: 'no-ffmpeg' as const, message: 'ffmpeg is missing.' }
    Object.assign(service.cameras['1'] ?? {}, { decoder: { ...decoderStatus, state: 'waiting', failure } })
    await page.locator(`.tile${GREYED}[data-failing]`).getByText('ffmpeg is missing.').waitFor()
    await page.getByText('0 of 1 running, 1 in trouble').waitFor()
    for (const verb of ['start', 'stop', 'restart']) t.equal(await tile(page, '1').locator(`[data-verb="${verb}"]`).isEnabled(), true, verb)
  })

  t.test('that is connected and not decoded is asked for pictures once it can be seen', async t => {
    const connected = camera('Barn', { frameAgeMs: null, decoder: { ...decoderStatus, state: 'idle', for: null } })
    const { service, open } = await serve(t, { ...numbered(199), 200: connected })
    const page = await open()
    t.equal(await tile(page, '200').locator('.state').textContent(), 'Connected')
    await page.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    t.equal(service.times('GET /camera/200/snapshot'), 0)
    await tile(page, '200').scrollIntoViewIfNeeded()
    await page.locator(`.tile[data-id="200"]${LIVE}`).waitFor()
  })

  t.test('fits on a phone, and works behind a path prefix', async t => {
    const { open } = await serve(t, numbered(3), { prefix: '/some/where' })
    const page = await open()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    t.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 390)
    await button(page, '1', 'Stop').click()
    await tile(page, '1').getByText('Stopped', { exact: true }).waitFor()
  })

  t.test('of two hundred asks for a picture only when it is scrolled into view', async t => {
    const { service, open } = await serve(t, numbered(200))
    const page = await open()
    await page.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    t.equal(service.times('GET /camera/200/snapshot'), 0)
    await tile(page, '200').scrollIntoViewIfNeeded()
    await page.locator(`.tile[data-id="200"]${LIVE}`).waitFor()
  })
})

t.test('a button', { skip: noBrowser }, async t => {
  t.test('shows at once that it was pressed, cannot be pressed twice, and then shows the result', async t => {
    const { service, open } = await serve(t, numbered(2))
    const page = await open()
    const release = service.hold('POST /stop/1')
    await button(page, '1', 'Stop').dblclick()
    const busy = tile(page, '1').locator('[data-verb="stop"]')
    t.equal(await busy.textContent(), 'Stopping…')
    t.equal(await busy.getAttribute('aria-busy'), 'true')
    t.equal(await busy.isDisabled(), true)
    await busy.click({ force: true })

    // The other camera does not wait for it.
    await button(page, '2', 'Restart').click()
    await tile(page, '2').getByText('Starting', { exact: true }).waitFor()
    t.equal(await busy.getAttribute('aria-busy'), 'true')

    release()
    await tile(page, '1').getByText('Stopped', { exact: true }).waitFor()
    await tile(page, '1').locator('[data-verb="start"]:enabled').waitFor()
    t.equal(await busy.getAttribute('aria-busy'), 'false')
    t.equal(await busy.isDisabled(), true)
    t.equal(service.times('POST /stop/1'), 1)
  })

  t.test('works from the keyboard, and the focus stays with the camera', async t => {
    const { open } = await serve(t, numbered(3))
    const page = await open()
    await button(page, '2', 'Stop').focus()
    await page.keyboard.press('Enter')
    await tile(page, '2').getByText('Stopped', { exact: true }).waitFor()
    await tile(page, '2').locator('[data-verb="start"]:focus').waitFor()
    await page.keyboard.press('Enter')
    await tile(page, '2').getByText('Running', { exact: true }).waitFor()
  })

  t.test('that is refused shows why', async t => {
    const { service, open } = await serve(t, numbered(1))
    const page = await open()
    service.refuse('POST /restart/1', 409, { statusCode: 409, code: 'CLOSING', error: 'Conflict', message: 'camgate is shutting down.' })
    await button(page, '1', 'Restart').click()
    await tile(page, '1').getByRole('alert').getByText('Could not restart it: camgate is shutting down.').waitFor()
    await tile(page, '1').locator('[data-verb="restart"]:enabled').waitFor()
  })

  t.test('whose answer is lost shows no error if the camera is in the wanted state', async t => {
    const { open } = await serve(t, numbered(2))
    const page = await open()
    await page.route('**/stop/1', async route => {
      await route.fetch()
      await route.abort()
    })
    await button(page, '1', 'Stop').click()
    await tile(page, '1').getByText('Stopped', { exact: true }).waitFor()
    await tile(page, '1').locator('[data-verb="start"]:enabled').waitFor()
    t.equal(await tile(page, '1').locator('.problem').textContent(), '')
  })

  t.test('that fails moves no other button, and can start a waiting camera', async t => {
    const { service, open } = await serve(t, { ...numbered(1), 2: camera('Barn', { state: 'waiting', failure: AUTH }) })
    const page = await open()
    const places = () => page.evaluate("Array.from(document.querySelectorAll('.tile button'), button => button.getBoundingClientRect().top).join()")
    await tile(page, '2').getByText('Waiting', { exact: true }).waitFor()
    const before = await places()
    service.refuse('POST /start/2', 500, { message: 'Something went wrong inside camgate; its log says what.' })
    await tile(page, '2').locator('[data-verb="start"]').click()
    await tile(page, '2').getByRole('alert').getByText('Could not start it: Something went wrong').waitFor()
    t.equal(await places(), before)
    service.accept('POST /start/2')
    await tile(page, '2').locator('[data-verb="start"]').click()
    await tile(page, '2').getByText('Running', { exact: true }).waitFor()
  })

  t.test('that another tab pressed shows here too', async t => {
    const { open } = await serve(t, numbered(1))
    const [here, there] = [await open(), await open()]
    await button(there, '1', 'Stop').click()
    await tile(here, '1').getByText('Stopped', { exact: true }).waitFor()
  })
})

t.test('the six connections of a browser', { skip: noBrowser }, async t => {
  t.test('are enough for twelve cameras in three tabs, and for the buttons', async t => {
    const { service, open } = await serve(t, numbered(12))
    const pages = [await open(), await open(), await open()]
    for (const page of pages) await page.locator(`.tile[data-id="6"]${LIVE}`).waitFor()
    for (const [i, page] of pages.entries()) {
      await button(page, `${i + 1}`, 'Stop').click()
      await tile(page, `${i + 1}`).getByText('Stopped', { exact: true }).waitFor()
    }
    t.ok(service.maxSnapshotsInFlight <= 6, `${service.maxSnapshotsInFlight} snapshots at once`)
    t.equal(service.streams, 0)
  })

  t.test('are not used up by pictures that hang', async t => {
    const { service, open } = await serve(t, numbered(12))
    for (const id of Object.keys(service.cameras)) service.hold(`GET /camera/${id}/snapshot`)
    const pages = [await open(), await open(), await open()]
    await until('every tab has two pictures that hang', () => service.snapshotsInFlight === 6)
    await pages[2]?.locator('[data-id="2"] [data-verb="stop"]').click()
    await until('the press arrives before a picture times out', () => service.times('POST /stop/2') === 1, 3_500)
    t.pass('the press got through')
  })

  t.test('one camera whose pictures hang does not disturb the others', async t => {
    const { service, open } = await serve(t, numbered(4))
    service.hold('GET /camera/1/snapshot')
    const page = await open()
    for (const id of ['2', '3', '4']) await page.locator(`.tile[data-id="${id}"]${LIVE}`).waitFor()
    t.equal(await tile(page, '1').getAttribute('data-picture'), 'none')
    t.ok(service.maxSnapshotsInFlight <= 2, `${service.maxSnapshotsInFlight} snapshots at once in one tab`)
  })

  t.test('a hidden tab asks for nothing, and catches up when it is shown', async t => {
    const { service, open } = await serve(t, numbered(2))
    const [hidden, shown] = [await open(), await open()]
    await hidden.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    await setHidden(hidden, true)
    const asked: string[] = []
    hidden.on('request', request => asked.push(request.url()))
    const before = service.times('GET /status')
    await until('the other tab has asked three times', () => service.times('GET /status') >= before + 3)
    t.same(asked, [])
    await button(shown, '1', 'Stop').click()
    await setHidden(hidden, false)
    await tile(hidden, '1').getByText('Stopped', { exact: true }).waitFor()
  })
})

t.test('a service that is in trouble', { skip: noBrowser }, async t => {
  t.test('that goes away is reported, and found again when it is back', async t => {
    const { service, open } = await serve(t, numbered(2))
    const page = await open()
    await page.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    await service.stop()
    await page.getByRole('alert').getByText('camgate does not answer').waitFor()
    await page.locator(`.tile[data-id="1"]${GREYED}`).getByText('Unknown').waitFor()
    await button(page, '1', 'Stop').click()
    await tile(page, '1').getByText('Could not stop it: camgate does not answer').waitFor()
    await service.start()
    await tile(page, '1').getByText('Running', { exact: true }).waitFor()
    await page.locator(`.tile[data-id="1"]${LIVE}`).waitFor()
    t.equal(await page.locator('#banner').isHidden(), true)
  })

  t.test('whose /status fails or hangs is reported', async t => {
    const { service, open } = await serve(t, numbered(1))
    const page = await open()
    service.refuse('GET /status', 500, { statusCode: 500, message: 'The disk is full.' })
    await page.locator('#banner').getByText('The disk is full.').waitFor()
    service.accept('GET /status')
    await page.locator('#banner').waitFor({ state: 'hidden' })
    const release = service.hold('GET /status')
    await page.locator('#banner').getByText('it took too long to answer').waitFor()
    release()
    await page.locator('#banner').waitFor({ state: 'hidden' })
    t.equal(await tile(page, '1').locator('.state').textContent(), 'Running')
  })

  t.test('whose changed configuration is invalid says so to administrators', async t => {
    const { service, open } = await serve(t, numbered(1))
    service.config = { ...service.config, error: { line: 7, column: 3, message: 'cameras.gate: unknown key "fsp"' } }
    const page = await open()
    await page.locator('#misconfigured').getByText('Line 7 of the configuration has a fault, so what was in force before still is: cameras.gate: unknown key "fsp"').waitFor()
    service.config = { ...service.config, error: { line: null, column: null, message: 'There is no file.' } }
    await page.locator('#misconfigured').getByText('The changed configuration is not in force: There is no file.').waitFor()
    service.session = { ...service.session, right: 'control' }
    await page.reload()
    await page.locator('.tile[data-id="1"]').waitFor()
    t.equal(await page.locator('#misconfigured').isHidden(), true)
  })

  t.test('whose configuration changes shows its new cameras', async t => {
    const { service, open } = await serve(t, numbered(2))
    const page = await open()
    service.cameras['new'] = camera('New one')
    delete service.cameras['1']
    await page.getByText('New one').waitFor()
    t.equal(await tile(page, '1').count(), 0)
  })
})

t.test('an enlarged camera', { skip: noBrowser }, async t => {
  t.test('has its tab\'s only stream, and ends it when it is closed', async t => {
    const { service, open } = await serve(t, numbered(3))
    const page = await open()
    await page.getByRole('link', { name: 'Enlarge Camera 2' }).click()
    const dialog = page.getByRole('dialog', { name: 'Camera 2' })
    await dialog.getByRole('img', { name: 'Live picture of Camera 2' }).waitFor()
    await until('it streams', () => service.streams === 1)
    await until('the tiles pause', () => service.snapshotsInFlight === 0)
    t.equal(await dialog.getByRole('img').getAttribute('src'), 'camera/2?rendition=auto', 'a rendition that suits the link')
    t.match(page.url(), /#camera\/2$/)
    await page.keyboard.press('Escape')
    await until('the stream has ended', () => service.streams === 0)
    await until('the address is the page\'s own', () => page.url() === service.url)
    await dialog.waitFor({ state: 'hidden' })
    const before = service.times('GET /camera/1/snapshot')
    await until('the tiles continue', () => service.times('GET /camera/1/snapshot') > before)
  })

  t.test('shows what comes from the camera, and what is made of it', async t => {
    const input = { ...inputStatus, codec: 'h264', profile: 'Main', keyIntervalMs: 2_000 }
    const { open } = await serve(t, { 1: camera('Entrance', { input, decoder: decoderStatus }) })
    const dialog = (await open('#camera/1')).getByRole('dialog')
    await dialog.getByText('the processor').waitFor()
    t.match(await dialog.locator('.facts div').allTextContents(), ['Rate20 fps', /^Lag/, 'Viewers1', 'Restarts0', 'CodecH.264 Main', 'Shown16×9', 'Key pictureevery 2 s', 'Decoded bythe processor'])
    await dialog.locator('.plot').getByText(/^Now 20; between 20 and 20/).waitFor()
  })

  t.test('shows the addresses to embed its picture', async t => {
    const { service, open } = await serve(t, numbered(3))
    const page = await open('#camera/2')
    const dialog = page.getByRole('dialog', { name: 'Camera 2' })
    await dialog.getByText('Addresses').click()
    const addresses = [`${service.url}camera/2`, `${service.url}camera/2/snapshot`, `${service.url}status/2`]
    t.same(await dialog.locator('.addresses a').allTextContents(), addresses)
    t.same(await dialog.locator('.addresses a').evaluateAll(links => links.map(link => (link as { href?: string }).href)), addresses)
    const img = `<img src="${addresses[0]}">`
    t.same(await dialog.locator('.addresses code').allTextContents(), [img, `<script src="${service.url}view.js"></script>\n<camgate-view camera="2"></camgate-view>`])
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.getByRole('button', { name: 'Copy' }).first().click()
    await dialog.getByRole('button', { name: 'Copied' }).waitFor()
    t.equal(await page.evaluate('navigator.clipboard.readText()'), img)
  })

  t.test('can be linked to, stopped, and left with Back', async t => {
    const { service, open } = await serve(t, numbered(3))
    const page = await open()
    await page.goto(`${service.url}#camera/3`)
    const dialog = page.getByRole('dialog', { name: 'Camera 3' })
    await dialog.getByRole('button', { name: 'Stop' }).click()
    await dialog.getByText('Stopped', { exact: true }).waitFor()
    await page.goBack()
    await dialog.waitFor({ state: 'hidden' })
    await until('the stream has ended', () => service.streams === 0)
  })

  t.test('streams only while its tab is shown', async t => {
    const { service, open } = await serve(t, numbered(1))
    const page = await open('#camera/1')
    await until('it streams', () => service.streams === 1)
    await setHidden(page, true)
    await until('the stream has ended', () => service.streams === 0)
    await setHidden(page, false)
    await until('it streams again', () => service.streams === 1)
  })

  t.test('streams again after the service was away, or after the stream broke silently', async t => {
    const { service, open } = await serve(t, numbered(1))
    const page = await open('#camera/1')
    await until('it streams', () => service.streams === 1)
    await service.stop()
    await page.getByRole('dialog').getByText('Unknown').waitFor()
    await service.start()
    await until('it streams again', () => service.streams === 1)
    const before = service.times('GET /camera/1')
    Object.assign(service.cameras['1'] ?? {}, { viewers: 0, watching: [], renditions: { w320: { viewers: 1, watching: [{}] } } })
    await page.getByRole('dialog').getByText('1 live stream').waitFor()
    await new Promise(resolve => { setTimeout(resolve, 6_000) })
    t.equal(service.times('GET /camera/1'), before, 'it shows a smaller picture')
    Object.assign(service.cameras['1'] ?? {}, { viewers: 0, renditions: {} })
    await until('a new stream has replaced the old one', () => service.times('GET /camera/1') === before + 1 && service.streams === 1)
  })
})
