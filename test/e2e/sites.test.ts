import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeJpegs } from '../jpegs.js'
import { Front } from './front.js'
import { listenOnLoopback } from './loopback-server.js'
import { startService, type Service } from './service.js'
import { until } from './until.js'
import { visitors, type Visitor } from './visitor.js'

/** `cam.lan` stands for a camgate that is reached over plain http: browsers send no Sec-Fetch-Site to it, as they do to 127.0.0.1. */
const LAN = 'cam.lan'
const EVIL = 'evil.example'
const REBOUND = 'rebound.example'
const DJANGO = 'django.example'
const NAMES = [LAN, EVIL, REBOUND, DJANGO]
const [WIDTH, HEIGHT] = [160, 120]
const [jpeg] = makeJpegs(1, `${WIDTH}x${HEIGHT}`) as [Buffer]

/** Each sends one request to the address. A page of another site can do no more without a click. */
const ATTACKS: Readonly<Record<string, (url: string) => string>> = {
  'a form in a hidden frame': url => `<iframe name="f" hidden></iframe><form method="post" action="${url}" target="f"></form><script>document.forms[0].submit()</script>`,
  'a form of text, which could be JSON': url => `<iframe name="f" hidden></iframe><form method="post" enctype="text/plain" action="${url}" target="f"><input name='{"a":"' value='"}'></form><script>document.forms[0].submit()</script>`,
  'a fetch': url => `<script>fetch("${url}", { method: "POST", mode: "no-cors", credentials: "include" })</script>`,
  'a fetch that hides its page': url => `<script>fetch("${url}", { method: "POST", mode: "no-cors", referrerPolicy: "no-referrer", headers: { "Accept-Language": "*" } })</script>`,
  'a beacon': url => `<script>navigator.sendBeacon("${url}")</script>`,
  'an image': url => `<img src="${url}">`,
  'an image that hides its page': url => `<img referrerpolicy="no-referrer" src="${url}">`,
  'a style sheet': url => `<link rel="stylesheet" href="${url}">`,
  'a script': url => `<script src="${url}"></script>`,
  'a frame': url => `<iframe src="${url}"></iframe>`,
  'a frame without an origin': url => `<iframe sandbox="allow-forms allow-scripts" srcdoc='<form method="post" action="${url}"></form><script>document.forms[0].submit()</script>'></iframe>`,
  'a fetch that may be read': url => `<script>fetch("${url}", { credentials: "include" })</script>`,
  'a WebSocket': url => `<script>new WebSocket("${url.replace('http', 'ws')}")</script>`,
  'a redirect': url => `<script>${redirect(url)}</script>`,
  'a redirect that hides its page': url => `<meta name="referrer" content="no-referrer"><script>${redirect(url)}</script>`
}

/** Once the page is there: a browser may drop what a page that is still being opened wants to open, because it was told to open the page. */
function redirect (url: string): string { return `addEventListener("load", () => setTimeout(() => { location.href = "${url}" }))` }

/** Firefox fetches nothing in advance in these tests. */
const PREFETCH: typeof ATTACKS = { 'a prefetch': url => `<link rel="prefetch" href="${url}">` }

for (const [name, [skip, open]] of Object.entries(visitors)) {
  t.test(`other sites in ${name}`, { skip, timeout: 240_000 }, async t => {
    const { browser, front, pages, service, evil, django } = await surroundings(t, open, ({ django }) => ({ origins: [django] }))
    const running = async () => (await service.status()).cameras[1]!.state === 'running'
    const stops = () => service.until(({ cameras }) => cameras[1]!.state === 'stopped', 'the camera stops')
    const starts = async () => {
      await fetch(`${service.url}start/1`, { method: 'POST' })
      await service.until(({ cameras }) => cameras[1]!.state === 'running', 'the camera runs')
    }
    let marks = 0

    for (const host of ['127.0.0.1', LAN]) {
      for (const [attack, page] of Object.entries({ ...ATTACKS, ...(name === 'Chromium' ? PREFETCH : {}) })) {
        t.test(`cannot stop a camera of ${host} by ${attack} (CSRF, go2rtc CVE-2024-29192)`, async t => {
          const mark = `attack=${++marks}`
          pages.set(`/${mark}`, page(`${front.at(host)}/stop/1?${mark}`))
          await browser.type(`${evil}/${mark}`)
          t.equal((await front.answered(mark)).status, 403)
          t.ok(await running())
        })
      }
    }

    t.test('can do all that if they are listed, which shows that the attacks are real', async t => {
      for (const attack of ['a form in a hidden frame', 'a fetch', 'a beacon'] as const) {
        const mark = `attack=${++marks}`
        pages.set(`/${mark}`, ATTACKS[attack]!(`${front.at('127.0.0.1')}/stop/1?${mark}`))
        await browser.type(`${django}/${mark}`)
        t.equal((await front.answered(mark)).status, 200, attack)
        await stops()
        await starts()
      }
    })

    t.test('read nothing, and no pixel of a picture', async t => {
      await browser.type(`${evil}/`)
      for (const host of ['127.0.0.1', LAN]) {
        for (const path of ['status', 'camera/1/snapshot', '']) {
          for (const credentials of ['include', 'omit']) {
            t.equal(await browser.evaluate(`fetch("${front.at(host)}/${path}", { credentials: "${credentials}" }).then(answer => answer.text(), () => "refused")`), 'refused', `${host} ${path} ${credentials}`)
          }
        }
        t.equal(await browser.evaluate(loaded(`${front.at(host)}/camera/1/snapshot`)), `${WIDTH}x${HEIGHT}`, 'though it is shown')
        t.equal(await browser.evaluate(loaded(`${front.at(host)}/camera/1/snapshot`, 'anonymous')), 'refused', 'a canvas gets none')
      }
    })

    t.test('show neither the page nor the button in a frame (clickjacking)', async t => {
      for (const path of ['', 'stop/1']) {
        const mark = `framed=${++marks}`
        pages.set(`/${mark}`, `<iframe src="${front.at('127.0.0.1')}/${path}?${mark}"></iframe>`)
        await browser.type(`${evil}/${mark}`)
        t.equal((await front.answered(mark)).status, path === '' ? 200 : 403)
        t.match(await shownInFrame(browser), /^(chrome-error|about:neterror)/)
        await browser.type(`${django}/${mark}`)
        await front.answered(mark)
        t.match(await shownInFrame(browser), path === '' ? /^http/ : /^(chrome-error|about:neterror)/, 'a listed origin may show the page, but not the button')
      }
    })

    t.test('get nothing by a name that they have pointed at camgate (DNS rebinding)', async t => {
      await browser.type(`${front.at(REBOUND)}/attack`)
      const ask = async (path: string, options = '{}') => await browser.evaluate(`fetch("${path}", ${options}).then(async answer => [answer.status, await answer.text()].join(" "))`)
      await until('the page is there', async () => await browser.evaluate('document.title') === 'rebound', 20_000)
      t.match(await ask('/status'), /^421 .*server: \{ hosts: \['rebound\.example'\] \}/)
      t.match(await ask('/status', '{ headers: { "X-Forwarded-Host": "localhost", Forwarded: "host=localhost" } }'), /^421/)
      t.match(await ask('/stop/1', '{ method: "POST" }'), /^421/)
      t.match(await ask('/camera/1/snapshot'), /^421/)
      t.match(await ask('/nothing'), /^421/)
      t.ok(await running())
    })

    t.test('get a button by a link, and a person may press it', async t => {
      for (const host of ['127.0.0.1', LAN]) {
        const mark = `link=${++marks}`
        await browser.type(`${evil}/`)
        await browser.open(`${front.at(host)}/stop/1?${mark}`)
        await until('there is a button', async () => await browser.evaluate('document.querySelector("button")?.textContent') === 'Stop the camera', 20_000)
        t.equal((await front.answered(mark)).status, 403)
        t.equal(await browser.evaluate('getComputedStyle(document.querySelector("button")).paddingLeft !== "6px"'), true, 'its style passes its policy')
        t.ok(await running())
        await browser.evaluate('document.querySelector("button").click()')
        t.equal((await front.answered(mark, 'POST')).status, 200, host)
        await stops()
        await starts()
      }
    })

    t.test('are not the address bar', async t => {
      await browser.type(`${front.at('127.0.0.1')}/stop/1?typed`)
      t.equal((await front.answered('typed')).status, 200)
      await stops()
      await starts()
    })

    t.test('are not camgate\'s own page', async () => {
      for (const host of ['127.0.0.1', LAN]) {
        await browser.type(`${front.at(host)}/`)
        const press = async (verb: string) => {
          const before = front.asked.length
          await until('there is a button', async () => await browser.evaluate(`document.querySelector('[data-id="1"] [data-verb=${verb}]')?.disabled`) === false, 20_000)
          await browser.evaluate(`document.querySelector('[data-id="1"] [data-verb=${verb}]').click()`)
          await until(`${host} is asked to ${verb}`, () => front.asked.slice(before).includes(`/${verb}/1`), 20_000) // the page leaves it unanswered once it sees that it is done
        }
        await press('stop')
        await stops()
        await press('start')
        await service.until(({ cameras }) => cameras[1]!.state === 'running', 'the camera runs')
      }
    })

    t.test('are not Django\'s page, whose origin is listed', async t => {
      await browser.type(`${django}/`)
      for (const host of ['127.0.0.1', LAN]) {
        const ask = async (path: string, options: string, then: string) => await browser.evaluate(`fetch("${front.at(host)}/${path}", { credentials: "include", ${options} }).then(async answer => ${then})`)
        t.equal(await ask('status', '', '(await answer.json()).cameras[1].state'), 'running')
        t.match(await ask('camera/1/snapshot', '', 'answer.headers.get("x-frame-age")'), /^\d+$/)
        t.equal(await ask('restart/1', 'method: "POST", headers: { "X-CSRFToken": "x" }', '(await answer.json()).status'), 'success', 'after a preflight')
        await service.until(({ cameras }) => cameras[1]!.state === 'running', 'the camera runs')
        t.equal(await browser.evaluate(loaded(`${front.at(host)}/camera/1/snapshot`, 'use-credentials')), `${WIDTH}x${HEIGHT}`)
      }
    })
  })

  t.test(`pictures that only some sites may show, in ${name}`, { skip, timeout: 120_000 }, async t => {
    const { browser, front, pages, evil, django } = await surroundings(t, open, ({ django }) => ({ embed: [django] }))
    const picture = (host: string, mark: string) => `${front.at(host)}/camera/1/snapshot?${mark}`
    const policy = (policy: string) => `referrerPolicy = "${policy}"`

    t.test('are shown by these, if they say who they are', async t => {
      await browser.type(`${django}/`)
      for (const host of ['127.0.0.1', LAN]) t.equal(await browser.evaluate(loaded(picture(host, 'listed'), undefined, policy('origin'))), `${WIDTH}x${HEIGHT}`, host)
    })
    t.test('are refused to others', async t => {
      await browser.type(`${evil}/`)
      for (const host of ['127.0.0.1', LAN]) t.equal(await browser.evaluate(loaded(picture(host, `others-${host}`))), 'refused', host)
      for (const host of ['127.0.0.1', LAN]) t.equal((await front.answered(`others-${host}`)).status, 403, host)
    })
    t.test('are refused to pages that hide where they are: by camgate, or, over plain http, by the browser', async t => {
      await browser.type(`${evil}/`)
      for (const host of ['127.0.0.1', LAN]) t.equal(await browser.evaluate(loaded(picture(host, `hidden-${host}`), undefined, policy('no-referrer'))), 'refused', host)
      t.equal((await front.answered('hidden-127.0.0.1')).status, 403)
      t.equal((await front.answered(`hidden-${LAN}`)).status, 200)
    })
    t.test('are shown by camgate\'s own page, and by themselves', async () => {
      for (const host of ['127.0.0.1', LAN]) {
        await browser.type(`${front.at(host)}/`)
        await until('the page draws it', async () => await browser.evaluate('document.querySelector(".tile")?.dataset.picture') === 'live', 20_000)
        await browser.type(picture(host, 'alone'))
        await until('it is there', async () => await browser.evaluate('document.images[0]?.naturalWidth') === WIDTH, 20_000)
      }
    })
    t.test('are shown in no frame of others', async t => {
      for (const [site, shown] of [[evil, /^(chrome-error|about:neterror)/], [django, /^http/]] as const) {
        pages.set('/framed', `<iframe src="${picture(LAN, 'framed')}"></iframe>`)
        await browser.type(`${site}/framed`)
        t.match(await shownInFrame(browser), shown)
      }
    })
  })
}

/** What a frame shows after it has loaded: an address, or the browser's page that refuses it. */
async function shownInFrame (browser: Visitor): Promise<unknown> {
  let shown: unknown
  await until('the frame shows something', async () => {
    shown = await browser.framed().catch(() => undefined)
    return typeof shown === 'string' && shown !== 'about:blank' // Firefox returns null while the document changes
  }, 20_000)
  return shown
}

/** An expression: the size of a picture, or `refused`. */
function loaded (url: string, crossOrigin?: string, also = ''): string {
  return `new Promise(resolve => {
    const image = new Image()
    ${crossOrigin === undefined ? '' : `image.crossOrigin = "${crossOrigin}"`}
    ${also === '' ? '' : `image.${also}`}
    image.onload = () => resolve(image.naturalWidth + "x" + image.naturalHeight)
    image.onerror = () => resolve("refused")
    image.src = "${url}"
  })`
}

/** A browser, camgate with one camera, and two sites: the attacker's and Django's. */
async function surroundings (t: Test, open: (t: Test, names: readonly string[]) => Promise<Visitor>, site: (origins: { django: string }) => object) {
  const pages = new Map<string, string>()
  const port = await listenOnLoopback(t, createServer(({ url = '' }, response) => { response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>site</title><body>${pages.get(url) ?? ''}`) }))
  const camera = await listenOnLoopback(t, createServer((_request, response) => { response.setHeader('Content-Type', 'image/jpeg').end(jpeg) }))
  const [evil, django] = [`http://${EVIL}:${port}`, `http://${DJANGO}:${port}`]
  const config = { server: site({ django }), cameras: { 1: { decode: 'always', source: { type: 'http-jpeg', url: `http://127.0.0.1:${camera}/` } } } }
  const service: Service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': JSON.stringify(config) }), 'cameras.yaml') })
  await service.until(({ cameras }) => cameras[1]!.state === 'running', 'the camera runs')
  const front = await new Front().listen(t, service.url, (url, host) => url === '/attack' && host.startsWith(REBOUND) ? '<!doctype html><title>rebound</title>' : undefined)
  const browser = await open(t, NAMES)
  return { browser, service, front, pages, evil, django }
}
