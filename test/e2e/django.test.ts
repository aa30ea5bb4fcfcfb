import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { messageOf } from '../../src/errors.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { freePort } from './free-port.js'
import { startService } from './service.js'
import { until } from './until.js'

const PYTHON = '/usr/bin/python3'
const noDjango = spawnSync(PYTHON, ['-c', 'import django']).status !== 0 && 'NOT TESTED: there is no Django. Install it (apt-get install python3-django).'
const LINK_KEY = secret('a secret of at least 32 bytes, for links')
const PASSWORD = secret('of anna')

/** The blocks of a page of the docs that match, without their fences. */
const block = (file: string, pattern: RegExp): string => {
  const found = [...readFileSync(join(packageRoot, file), 'utf8').matchAll(/^```\w+\n(.*?)^```/gms)].map(([, text]) => text!).find(text => pattern.test(text))
  if (!found) throw new Error(`${file} has no block that matches ${pattern}`)
  return found
}

/** Starts camgate, and Django with the page of README and the tag of the guide, to the letter. Resolves with Django's address. */
async function startBoth (t: Test, camerasYaml: string): Promise<string> {
  const [settings = '', views = ''] = block('README.md', /^# cameras\/views\.py/m).split('# cameras/views.py')
  const folder = t.testdir({
    'cameras.yaml': camerasYaml,
    'settings_of_readme.py': settings,
    cameras: {
      '__init__.py': '',
      'views.py': `from django.conf import settings\nfrom django.shortcuts import render\n${views}`,
      templatetags: { '__init__.py': '', 'camgate.py': block('docs/guide/django.md', /^# cameras\/templatetags\/camgate\.py/) },
      templates: {
        cameras: { 'entrance.html': block('README.md', /^<!-- cameras\/entrance\.html/) },
        'closed.html': block('docs/guide/django.md', /^\{% load camgate %\}/),
        'login.html': '<form method="post">{% csrf_token %}{{ form }}<button>Log in</button></form>'
      }
    }
  })
  for (const file of ['site.py', 'urls.py']) copyFileSync(join(packageRoot, 'test/e2e/django', file), join(folder, file))
  copyFileSync(join(packageRoot, 'docs/signing/camgate_signing.py'), join(folder, 'cameras/camgate_signing.py'))
  const camgate = await startService(t, { config: join(folder, 'cameras.yaml') })
  const port = await freePort()
  const child = spawn(PYTHON, ['site.py', String(port)], {
    cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env: { PYTHONDONTWRITEBYTECODE: '1', CAMGATE_PUBLIC_URL: new URL(camgate.url).origin, CAMGATE_LINK_KEY: LINK_KEY, ANNAS_PASSWORD: PASSWORD }
  })
  let said = ''
  child.stderr.on('data', chunk => { said += chunk })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}/`
  await until('Django answers', async () => (await fetch(`${url}login/`).catch(() => undefined))?.ok === true, 30_000)
    .catch(error => { throw new Error(`${messageOf(error)}\n${said}`) })
  return url
}

/** The widths of the pictures that a person sees on the page. */
const widths = (page: Page) => page.locator('img').evaluateAll(images => images.map(image => (image as unknown as { naturalWidth: number }).naturalWidth))
const untilWide = (page: Page, expected: number[]) => until(`pictures are ${expected.join(' and ')} pixels wide`, async () => `${await widths(page)}` === `${expected}`, 30_000)

t.test('a page of Django', { skip: noBrowser || noDjango }, async t => {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: ['1', '2'].map(id => ({ id, name: 'Yard', codec: 'mjpeg' as const, width: 320, height: 176 })) })
  t.teardown(() => simulator.close())
  const cameras = `cameras: { 1: { source: "${simulator.url('1')}" }, 2: { source: "${simulator.url('2')}", renditions: { thumb: { width: 160 } } } }`
  const browser = await openBrowser()
  t.teardown(() => browser.close())

  t.test('shows a camera as README says', async t => {
    const page = await browser.newPage()
    await page.goto(`${await startBoth(t, cameras)}entrance/`)
    await untilWide(page, [320])
  })

  t.test('shows closed cameras to those who are logged in to Django, and to others why they see none', async t => {
    const url = await startBoth(t, `server: { auth: { links: { keys: { k1: "${LINK_KEY}" } } } }\n${cameras}`)
    const page = await browser.newPage()
    await page.goto(url)
    await untilWide(page, [640, 640]) // the picture that says that the camera is closed
    await page.goto(`${url}login/`)
    await page.locator('[name=username]').fill('anna')
    await page.locator('[name=password]').fill(PASSWORD)
    await page.getByRole('button').click()
    await untilWide(page, [320, 160])
    await page.goto(`${url}logout/`)
    await untilWide(page, [640, 640])
  })
})
