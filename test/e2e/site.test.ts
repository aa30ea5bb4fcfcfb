// Builds the site of the docs, as `npm run docs:build` does, and opens it in a browser.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import t from 'tap'
import { EXAMPLE, readSizing } from '../../bench/sizing/pages.js'
import { needOf, text } from '../../docs/.vitepress/theme/sizing/formula.js'
import { packageRoot } from '../../src/package.js'
import { noViolations } from './axe.js'
import { noBrowser, openBrowser } from './browser.js'
import { listenOnLoopback } from './loopback-server.js'

const BASE = '/camgate/' // it may stand below a path of its host
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.jpg': 'image/jpeg', '.json': 'application/json' }
const vitepress = join(packageRoot, 'docs/.vitepress/node_modules/vitepress/bin/vitepress.js')
const skip = !existsSync(vitepress) && 'NOT TESTED: VitePress is not installed. Install it: npm ci --prefix docs/.vitepress'

t.test('the site of the docs', { skip }, async t => {
  const folder = t.testdir()
  const build = spawn(process.execPath, [vitepress, 'build', join(packageRoot, 'docs')], { env: { ...process.env, NODE_OPTIONS: '', DOCS_BASE: BASE, DOCS_OUT: folder }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [build.stdout, build.stderr]) stream.on('data', chunk => { output += chunk })
  const [code] = await once(build, 'close')
  t.equal(code, 0, output)
  if (code !== 0) return

  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const pages = new Map(files.filter(file => file.endsWith('.html')).map(file => [file, readFileSync(join(folder, file), 'utf8')]))

  t.test('has the page or file, and the heading, that each link names', async t => {
    const dead = [...pages].flatMap(([page, html]) => [...html.matchAll(/<a [^>]*?href="([^"]*)"/g)].map(([, href]) => new URL(href!.replaceAll('&amp;', '&'), `http://site${BASE}${page}`))
      .filter(({ host }) => host === 'site')
      .filter(({ pathname, hash }) => {
        const path = decodeURI(pathname).slice(BASE.length)
        const file = path === '' || path.endsWith('/') ? `${path}index.html` : path
        return !pathname.startsWith(BASE) || !existsSync(join(folder, file)) || (hash !== '' && pages.has(file) && !pages.get(file)!.includes(`id="${decodeURIComponent(hash.slice(1))}"`))
      }).map(({ pathname, hash }) => `${page}: ${pathname}${hash}`))
    t.ok(pages.size > 80)
    t.same([...new Set(dead)], [])
  })

  t.test('lists the decisions by their titles', async t => {
    const list = pages.get('decisions/index.html')!
    for (const name of readdirSync(join(packageRoot, 'docs/decisions')).filter(name => /^\d/.test(name))) t.match(list, `href="${BASE}decisions/${name.replace(/md$/, 'html')}"`)
  })

  t.test('is read and searched in a browser, and asks no other host', { skip: noBrowser }, async t => {
    const server = createServer(({ url = '' }, response) => {
      const path = decodeURI(url.split('?')[0]!).slice(BASE.length)
      const file = join(folder, path === '' || path.endsWith('/') ? `${path}index.html` : path)
      if (existsSync(file)) response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file))
      else response.writeHead(404).end()
    })
    const origin = `http://127.0.0.1:${await listenOnLoopback(t, server)}`
    const browser = await openBrowser()
    t.teardown(() => browser.close())
    const page = await browser.newPage()
    const asked: string[] = []
    const failed: string[] = []
    page.on('request', request => asked.push(request.url()))
    page.on('response', response => { if (response.status() >= 400) failed.push(response.url()) })
    page.on('pageerror', error => t.fail(`the page threw: ${error.message}`))

    await page.goto(origin + BASE)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('black')
    await page.getByRole('option').filter({ hasText: 'Why is it black?' }).first().click()
    await page.waitForURL(`${origin}${BASE}why-is-it-black.html*`)
    await page.getByRole('heading', { level: 1, name: 'Why is it black?' }).waitFor()

    for (const name of ['', 'why-is-it-black.html', 'configuration.html', 'sizing.html']) {
      await page.goto(origin + BASE + name)
      await noViolations(t, page, name || 'home')
    }

    const calculator = page.getByRole('form', { name: 'What my cameras need' })
    const cameras = calculator.getByLabel('How many')
    await cameras.fill('77')
    await calculator.getByLabel('Live tiles on all pages').fill('5')
    await calculator.getByText(`${text(needOf({ ...EXAMPLE, cameras: 77, liveTiles: 5 }, readSizing()).memoryMegabytes)} MB of memory, 308 Mbit/s from the cameras`).waitFor()
    t.match(await calculator.getByRole('row', { name: 'live tiles' }).textContent(), '5')
    await cameras.fill('')
    await calculator.getByText('Please fill in').waitFor()
    t.same(asked.filter(url => !url.startsWith(`${origin}/`) && !url.startsWith('data:')), [])
    t.same(failed, [])
  })
})
