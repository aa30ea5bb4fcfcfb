import axe from 'axe-core'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { hashPassword } from '../../src/logins/password.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { basicAuth } from '../passwords.js'
import { small } from '../simulator/small.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { startService } from './service.js'
import { until } from './until.js'

const login = { username: secret('admin'), password: secret('of the camera') }
const passwords = { anna: secret('views'), ben: secret('controls'), cleo: secret('administers') }
const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'yard', ...login, auth: 'digest', onvif: { login: 'ws-security', quirks: ['ignores-timeout', 'clock-off'] } }]
})
t.teardown(() => simulator.close())
const camera = simulator.onvif('yard')!
const yaml = `
server: { auth: { users: { anna: { password: "\${ANNA}" }, ben: { password: "\${BEN}", right: control }, cleo: { password: "\${CLEO}", right: admin } } } }
cameras:
  yard: { name: Yard, source: "${simulator.url('yard')}", username: ${login.username}, password: ${login.password}, onvif: "${camera.url}" }
`
const env = { ANNA: await hashPassword(passwords.anna), BEN: await hashPassword(passwords.ben), CLEO: await hashPassword(passwords.cleo) }
const service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml`, env })
const headers = { authorization: basicAuth('ben', passwords.ben) }
await until('the camera runs', async () => (await (await fetch(new URL('status/yard', service.url), { headers })).json() as { state: string }).state === 'running', 20_000)

const moving = (what: string) => until(`it moves ${what}`, () => camera.head.isMoving && camera.head.log.at(-1)?.what === what)
const still = () => until('it stands still', () => !camera.head.isMoving)

t.test('a client that is killed moves the camera for less than a second more, although this camera ignores timeouts', async t => {
  const script = `for (;;) {
    await fetch(process.argv[1] + 'ptz/yard', { method: 'POST', headers: JSON.parse(process.argv[2]), body: '{"move":{"pan":1}}' })
    await new Promise(resolve => setTimeout(resolve, 200))
  }`
  const client = spawn(process.execPath, ['--input-type=module', '-e', script, service.url, JSON.stringify(headers)], { stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '' } })
  await until('it moves for a while', () => camera.head.log.filter(({ did }) => did === 'move').length >= 3)
  t.ok(camera.head.isMoving)
  client.kill('SIGKILL')
  await once(client, 'exit')
  const killedAt = performance.now()
  await still()
  const { at, did } = camera.head.log.at(-1)!
  t.equal(did, 'stop')
  t.comment(`stopped ${Math.round(at - killedAt)} ms after the kill`)
  t.ok(at - killedAt < 2_000, 'with time for a busy machine')
})

t.test('the page', { skip: noBrowser }, async t => {
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const open = async (t: Test, username: keyof typeof passwords) => {
    const context = await browser.newContext()
    t.teardown(() => context.close())
    const page = await context.newPage()
    page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))
    await page.goto(`${service.url}#camera/yard`)
    await page.getByLabel('User').fill(username)
    await page.getByLabel('Password').fill(passwords[username])
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.locator('#enlarged[data-state="running"]').waitFor()
    return page
  }
  t.test('moves the camera while a button or a key is held', async t => {
    const page = await open(t, 'ben')
    await page.getByRole('group', { name: 'Turn and zoom the camera' }).waitFor()
    const [up, left, home, right, down] = await page.locator('.ptz .pad button').evaluateAll(all => all.map(button => (button as unknown as { getBoundingClientRect (): { x: number, y: number } }).getBoundingClientRect()))
    t.ok(up!.y < home!.y && home!.y < down!.y && left!.x < home!.x && home!.x < right!.x && left!.y === right!.y, 'each arrow is where it points')
    await page.getByRole('button', { name: 'Left' }).hover()
    await page.mouse.down()
    await moving('-1 0 0')
    await page.mouse.up()
    await still()
    await page.keyboard.down('Shift')
    await page.keyboard.down('ArrowUp')
    await moving('0 1 0')
    await page.keyboard.up('ArrowUp')
    await still()
    await page.keyboard.up('Shift')
    await page.getByRole('button', { name: 'Closer' }).focus()
    await page.keyboard.down('Enter')
    await moving('0 0 1')
    await page.keyboard.up('Enter')
    await still()
    await page.keyboard.down('-')
    await moving('0 0 -1')
    await page.evaluate("window.dispatchEvent(new Event('blur'))")
    await still()
  })
  t.test('goes to presets and home, and is as accessible as without', async t => {
    const page = await open(t, 'ben')
    await page.getByRole('combobox', { name: 'Preset' }).selectOption('Yard & barn')
    await page.getByRole('button', { name: 'Go', exact: true }).click()
    await until('it goes there', () => camera.head.log.at(-1)?.what === '2')
    await page.getByRole('button', { name: 'Home position' }).click()
    await until('it goes home', () => camera.head.log.at(-1)?.did === 'home')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.evaluate(axe.source)
    const violations = await page.evaluate("axe.run('.ptz', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary].join(' ')))")
    t.same(violations, [])
  })
  t.test('is closed while it moves the camera, and the camera stops', async t => {
    const page = await open(t, 'ben')
    await page.getByRole('button', { name: 'Right' }).hover()
    await page.mouse.down()
    await moving('1 0 0')
    await page.close()
    await still()
    t.equal(camera.head.log.at(-1)?.did, 'stop')
  })
  t.test('lets administrators move the camera, too', async t => {
    const page = await open(t, 'cleo')
    await page.getByRole('group', { name: 'Turn and zoom the camera' }).waitFor()
  })
  t.test('has nothing to move a camera with for those who may only look', async t => {
    const page = await open(t, 'anna')
    await page.locator('#enlarged .facts dd').first().waitFor()
    const asked = camera.asked.length
    await page.keyboard.press('Shift+ArrowUp')
    t.notOk(await page.locator('.ptz').isVisible())
    t.equal(camera.asked.length, asked)
  })
})

t.test('a camera that moves when camgate ends is stopped', async t => {
  await fetch(new URL('ptz/yard', service.url), { method: 'POST', headers, body: '{"move":{"tilt":1}}' })
  t.ok(camera.head.isMoving)
  await service.end()
  t.notOk(camera.head.isMoving)
})
