import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import t from 'tap'
import { signLink } from '../../src/access/link.js'
import { packageRoot } from '../../src/package.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { listenOnLoopback } from './loopback-server.js'
import { Recording } from './recording.js'
import { decodeJpeg } from './picture.js'
import { startService } from './service.js'
import { until } from './until.js'

/** The camera's pictures, and those with words. */
const [CAMERA, WORDS] = ['160x96', '640x360']
const [width, height] = CAMERA.split('x') as [string, string]
const KEY = secret('a key that signs links, of 32 characters')
const folder = t.testdir({
  'cameras.yaml': `
server: { auth: { links: { keys: { k1: "\${CAMGATE_LINK_KEY}" } }, users: { anna: { cameras: [2] } } } }
cameras: { 1: { source: { type: pattern }, width: ${width}, height: ${height} }, 2: { source: { type: pattern }, width: ${width}, height: ${height} } }
`,
  'open.yaml': 'cameras: { 1: { source: { type: pattern } } }'
})
const config = join(folder, 'cameras.yaml')
const recording = new Recording()

/** Runs `camgate sign` in a folder without a cameras.yaml. */
async function sign (args: string[], env: NodeJS.ProcessEnv = { CAMGATE_LINK_KEY: KEY }) {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), 'sign', ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, cwd: t.testdirName, env: { PATH: process.env.PATH, CAMGATE_CONFIG: join(folder, 'none.yaml'), ...env } })
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  recording.keep('stdout', stdout.replace(/&sig=\S+/, '')) // the one that it is asked for
  recording.keep('stderr', stderr)
  return { stdout: stdout.trim(), stderr, status: status as number }
}

t.test('a closed camera', { timeout: 120_000 }, async t => {
  const service = await startService(t, { config, env: { CAMGATE_LINK_KEY: KEY } })
  const ask = (link: string, accept = '*/*') => fetch(new URL(link, service.url), { headers: { accept } })
  const size = async (answer: Response) => {
    const { width, height } = decodeJpeg(Buffer.from(await answer.arrayBuffer()))
    return `${width}x${height}`
  }
  const expired = signLink('/camera/1', { kid: 'k1', sub: 'ben', iat: 1_600_000_000, exp: 1_600_000_600 }, KEY)

  t.test('is shown by a link that camgate sign prints, with the key of the file or of the environment', async t => {
    for (const args of [['--config', config], []]) {
      const { stdout, status } = await sign(['/camera/1/snapshot', '--as', 'ben', ...args])
      t.equal(status, 0)
      await until('it is shown', async () => (await ask(stdout)).status === 200, 20_000)
      t.equal(await size(await ask(stdout)), CAMERA)
    }
    const { stdout } = await sign(['/camera/1', '--as', 'anna', '--base', service.url])
    t.equal((await fetch(stdout)).status, 404, 'nobody sees more by a link than without')
  })

  t.test('is shown by no other, and the answer is a picture that says why', async t => {
    const plain = readFileSync(join(packageRoot, 'src/stream/no-picture.jpg'))
    for (const link of [expired, `${expired}x`]) {
      const answer = await ask(link)
      t.match({ status: answer.status, type: answer.headers.get('content-type') }, { status: 401, type: 'image/jpeg' })
      const jpeg = Buffer.from(await answer.arrayBuffer())
      t.match(decodeJpeg(jpeg), { width: 640, height: 360 })
      t.notOk(jpeg.equals(plain), 'it is drawn')
    }
    t.match(await (await ask(expired, 'application/json')).json(), { code: 'EXPIRED' })
    t.match(await (await ask(`${expired}x`, 'application/json')).json(), { code: 'BAD_LINK' })
    t.match(await (await ask('/camera/1')).json(), { code: 'UNAUTHENTICATED' })
  })

  t.test('is no longer shown when the link of a stream ends', async t => {
    const { stdout } = await sign(['/camera/1', '--as', 'ben', '--for', '2s'])
    const answer = await ask(stdout)
    t.equal(answer.status, 200)
    const began = performance.now()
    const stream = await buffer(answer.body!)
    t.ok(performance.now() - began < 12_000, 'within ten seconds')
    t.ok(stream.includes('X-Camera-State: expired'), 'and the last picture says so')
  })

  t.test('is shown on a page of another site, in Chromium', { skip: noBrowser }, async t => {
    const { stdout: good } = await sign(['/camera/1?fps=5', '--as', 'ben', '--base', service.url])
    const links = [good, good.replace('/camera/1', '/camera/2'), new URL(expired, service.url).href, `${service.url}camera/1`]
    const site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html>${links.map(link => `<img src="${link.replaceAll('&', '&amp;')}">`).join('')}`)
    })
    const port = await listenOnLoopback(t, site, 'localhost')
    const browser = await openBrowser()
    t.teardown(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`http://localhost:${port}/`, { waitUntil: 'commit' })
    const sizes = () => page.evaluate('Array.from(document.images, image => `${image.naturalWidth}x${image.naturalHeight}`).join()') // eslint-disable-line no-template-curly-in-string
    await until('each shows a picture', async () => await sizes() === [CAMERA, WORDS, WORDS, WORDS].join(), 20_000)
  })

  t.test('has no link in its log', async t => {
    t.notMatch(JSON.stringify(service.log), /sig=|kid=/)
  })
})

t.test('camgate sign says what is missing', async t => {
  t.match(await sign(['/camera/1', '--as', 'ben'], {}), { status: 78, stdout: '', stderr: /^There is no key to sign with: .*none\.yaml has no server\.auth\.links, and CAMGATE_LINK_KEY is not set\.\n$/ })
  t.match(await sign(['/camera/1', '--as', 'ben', '--config', join(folder, 'open.yaml')], {}), { status: 78, stderr: /open\.yaml has no server\.auth\.links/ })
  t.match(await sign(['/camera/1', '--as', 'ben', '--config', join(folder, 'gone.yaml')]), { status: 78, stderr: /^There is no file .*gone\.yaml/ })
  t.match(await sign(['/camera/1']), { status: 64, stderr: /--as USER/ })
  t.match(await sign(['--help']), { status: 0, stdout: /--for 10m/ })
})
