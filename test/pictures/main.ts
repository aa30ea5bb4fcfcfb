import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../e2e/browser.js'
import { startService, type Service } from '../e2e/service.js'
import { until } from '../e2e/until.js'
import { takeDjango } from './django.js'
import { save } from './save.js'

/** Takes the pictures of the page for README.md and the pages of docs/guide/, of simulated cameras, and those of the example for Django. */
const MAX_BYTES = 150_000
const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 800 }

const SIX = `
cameras:
  1: { name: Entrance, source: { type: simulated } }
  2: { name: Workshop, source: { type: simulated } }
  3: { name: Yard, source: { type: simulated } }
  4: { name: Barn, source: { type: simulated, fault: { kind: away, up: 8, down: 3600 } } }
  5: { name: Gate, source: { type: simulated, fault: { kind: silent } } }
  6: { name: Office, source: { type: simulated } }
`
const NAMES = ['Entrance', 'Workshop', 'Yard', 'Barn', 'Gate', 'Office', 'Storeroom', 'Loading bay', 'Car park', 'Stairs', 'Lift', 'Roof', 'Garden', 'Corridor', 'Boiler room', 'Reception']
const SIXTEEN = `defaults: { fps: 5 }\ncameras:\n${NAMES.map((name, i) => `  ${i + 1}: { name: ${name}, source: { type: simulated } }\n`).join('')}`

interface Shot {
  readonly name: string
  readonly size: { readonly width: number, readonly height: number }
  readonly colorScheme: 'light' | 'dark'
  readonly hash?: string
  /** What a viewer does first. */
  readonly act?: string
  /** What is on the page when the picture is taken. */
  readonly ready: string
}

const closers: Array<() => unknown> = []
const scope = { fail: (message: string) => { throw new Error(message) }, teardown: (close: () => unknown) => closers.push(close) }

async function serve (name: string, yaml: string): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-pictures-'))
  scope.teardown(() => rmSync(folder, { recursive: true }))
  const config = join(folder, name)
  writeFileSync(config, yaml)
  return startService(scope, { config })
}

async function take (browser: Browser, { url }: Service, { name, size, colorScheme, hash = '', act, ready }: Shot) {
  const isPhone = size.width < 600
  const context = await browser.newContext({ viewport: size, colorScheme, locale: 'en-GB', reducedMotion: 'reduce', isMobile: isPhone, hasTouch: isPhone, deviceScaleFactor: isPhone ? 2 : 1 })
  const page = await context.newPage()
  await page.goto(url + hash)
  if (act !== undefined) await until(`${name} is acted on`, async () => await page.evaluate(act) === true, 60_000)
  await until(`${name} is ready`, async () => await page.evaluate(ready) === true, 60_000)
  await save(page, name, { quality: isPhone ? 70 : 78, maxBytes: MAX_BYTES })
  await context.close()
}

const live = (count: number) => `document.querySelectorAll('.tile[data-picture="live"]').length >= ${count}`
/** The enlarged picture is on the screen, and its figures beside it. */
const enlarged = "document.querySelector('#enlarged camgate-view')?.state === 'running' && /Age on screen/.test(document.querySelector('.facts').textContent)"
const states = ['running', 'waiting', 'starting', 'stopped'].map(state => `document.querySelector('.tile[data-state="${state}"]') !== null`).join(' && ')

try {
  const browser = await openBrowser()
  scope.teardown(() => browser.close())
  const six = await serve('six.yaml', SIX)
  await six.until(({ cameras }) => cameras[4]!.state === 'waiting', 'the barn has gone away', 60_000)
  await fetch(new URL('stop/6', six.url), { method: 'POST' })
  const wall = { ready: `${live(3)} && ${states}` }
  await take(browser, six, { name: 'wall-light', size: DESKTOP, colorScheme: 'light', ...wall })
  await take(browser, six, { name: 'wall-dark', size: DESKTOP, colorScheme: 'dark', ...wall })
  await take(browser, six, { name: 'phone-light', size: PHONE, colorScheme: 'light', ready: live(1) })
  await take(browser, six, { name: 'phone-dark', size: PHONE, colorScheme: 'dark', hash: '#camera/1', ready: enlarged })
  await take(browser, six, {
    name: 'editor-light',
    size: DESKTOP,
    colorScheme: 'light',
    act: `${live(3)} && (document.querySelector('#add-camera').click(), true)`,
    ready: "document.querySelector('#editor[open]') !== null && (document.querySelector('#editor-source').value = 'rtsp://192.168.1.20:554/stream1', true)"
  })
  await six.end()
  const sixteen = await serve('sixteen.yaml', SIXTEEN)
  await take(browser, sixteen, { name: 'sixteen-dark', size: DESKTOP, colorScheme: 'dark', ready: live(16) })
  await take(browser, sixteen, { name: 'camera-light', size: DESKTOP, colorScheme: 'light', hash: '#camera/2', ready: `${enlarged} && /ago|Now/.test(document.querySelector('.plot p').textContent)` })
  await takeDjango(scope, browser)
} finally {
  for (const close of closers.reverse()) await close()
}
